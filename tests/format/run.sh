#!/usr/bin/env bash
# Runs one of this folder's Python programs where its packages are:   run.sh PROGRAM ARGUMENT...
# Debian's own Python comes first: a newer one on the PATH does not see Debian's packages.
set -euo pipefail
cd "$(dirname "$0")"
for python in /usr/bin/python3 python3; do
  if "$python" -c 'import argon2, cryptography' 2>/dev/null; then
    exec "$python" -B "$@"
  fi
done
echo "no Python here has the packages cryptography and argon2-cffi"
exit 77
