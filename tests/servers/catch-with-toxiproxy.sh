#!/usr/bin/env bash
# Runs one Catch2 program for CTest beside a real OpenBao and a Toxiproxy:   catch-with-toxiproxy.sh RESULTS PROGRAM
# Without one of them the program runs all the same, and its cases are skipped for the reason in $LOCKET_NO_OPENBAO.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
status=0
reason=$("$here/get.sh" --built toxiproxy 2>&1 >/dev/null) || status=$?
case $status in
  0) exec "$here/with-toxiproxy.sh" "$here/catch-with-openbao.sh" "$@" ;;
  77) LOCKET_NO_OPENBAO=$(tail -n 1 <<<"$reason") exec "$here/../run-catch.sh" "$@" ;;
esac
echo "$reason" >&2
exit 1
