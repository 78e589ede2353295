#!/usr/bin/env bash
# As catch-with-openbao.sh, with a PostgreSQL besides:   catch-with-openbao-and-postgresql.sh RESULTS PROGRAM
# Without one the cases that need it are skipped for the reason in $LOCKET_NO_POSTGRESQL.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
if reason=$("$here/get.sh" postgresql 2>&1 >/dev/null); then
  exec "$here/with-postgresql.sh" "$here/catch-with-openbao.sh" "$@"
fi
LOCKET_NO_POSTGRESQL=$(tail -n 1 <<<"$reason") exec "$here/catch-with-openbao.sh" "$@"
