#!/usr/bin/env bash
# Checks the public headers:   check.sh include/locket LIST
# They include the standard library (names without a dot or slash) and locket's own headers, interop/ aside, and each one
# is in LIST, which is what the build installs.
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
if ! (cd "$headers" && find . -name '*.hpp' | sed 's,^\./,,' | sort) | diff - <(sort "$list"); then
  echo "a header that no component lists (<) would not be installed; list it in a HEADERS of locket_library"
  status=1
fi
exit $status
