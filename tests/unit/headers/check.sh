#!/usr/bin/env bash
# Checks the public headers:   check.sh include/locket LIST
# They include the standard library (names without a dot or slash) and locket's own headers, interop/ aside, and each one
# is in LIST, which is what the build installs, or is named by a component that is switched off.
set -euo pipefail
headers=$1 list=$2
status=0

if grep -rnE '^[[:space:]]*#[[:space:]]*include' --include='*.hpp' "$headers" | grep -v "^$headers/interop/" |
  grep -vE '#[[:space:]]*include <([a-z_0-9]+|locket/[a-z_0-9/]+\.hpp)>'; then
  echo "public headers include the standard library and locket only; the lines above do not"
  status=1
fi
if grep -rn '#include <locket/interop/' --include='*.hpp' "$headers" | grep -v "^$headers/interop/"; then
  echo "interop/ is for users only; the lines above pull its third parties into every program"
  status=1
fi
# The components of this checkout, built or not.
mapfile -t components < <(find "$headers"/../../{src,backends} -name CMakeLists.txt)
while read -r header; do
  grep -qxF "$header" "$list" || grep -qwF "$header" "${components[@]}" || {
    echo "$header: no component lists it, so it would not be installed; name it in a HEADERS of locket_library"
    status=1
  }
done < <(cd "$headers" && find . -name '*.hpp' | sed 's,^\./,,' | sort)
exit $status
