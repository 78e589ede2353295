#!/usr/bin/env bash
# What the shared libraries show to the dynamic loader:   symbols.sh PREFIX
# Nothing but locket's own names (the standard library's templates are weak and belong to everyone), nothing
# unique (it would keep the library from being unloaded), no path of this machine.
set -euo pipefail
status=0
while IFS= read -r library; do
  if nm -D --defined-only "$library" | awk '$2 == "u"' | grep .; then
    echo "$(basename "$library"): the symbols above are unique: the loader would never unload it"
    status=1
  fi
  if nm -DC --defined-only "$library" | sed 's/^[0-9a-f]* *//' |
    grep -vE '^[VW] .*\bstd::|\blocket::|__gnu_cxx::'; then
    echo "$(basename "$library"): the symbols above are not locket's"
    status=1
  fi
  if readelf -d "$library" | grep -E 'R(UN)?PATH' | grep -vF "[\$ORIGIN]"; then
    echo "$(basename "$library"): the run path above is not relative"
    status=1
  fi
done < <(find "$1" -name 'liblocket*.so' -type l)
exit $status
