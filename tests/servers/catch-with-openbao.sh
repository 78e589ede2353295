#!/usr/bin/env bash
# Runs one Catch2 program for CTest beside a real OpenBao:   catch-with-openbao.sh RESULTS PROGRAM
# Without a server the program runs all the same, and its cases are skipped for the reason in $LOCKET_NO_OPENBAO.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
status=0
reason=$("$here/get.sh" --built openbao 2>&1 >/dev/null) || status=$?
case $status in
  0) exec "$here/with-openbao.sh" "$here/../run-catch.sh" "$@" ;;
  77) LOCKET_NO_OPENBAO=$(tail -n 1 <<<"$reason") exec "$here/../run-catch.sh" "$@" ;;
esac
echo "$reason" >&2
exit 1
