#!/usr/bin/env bash
# Runs a command beside a PostgreSQL of its own on loopback, and stops and removes it afterwards:
#     tests/servers/with-postgresql.sh COMMAND...
# The command finds it in these variables; connections need the password, and nothing is synced to the disk:
#     LOCKET_POSTGRESQL_PORT (on 127.0.0.1), LOCKET_POSTGRESQL_SOCKET (the socket's folder),
#     LOCKET_POSTGRESQL_USER (a superuser), LOCKET_POSTGRESQL_PASSWORD, LOCKET_PSQL (the program)
# Exit 77 and the reason when there is none. The cluster that Debian's package makes is left alone.
set -euo pipefail
[ $# -gt 0 ] || { sed -n '2,7p' "$0" >&2; exit 2; }

here=$(cd "$(dirname "$0")" && pwd)
programs=$("$here/get.sh" postgresql) || exit
LOCKET_PSQL=$programs/psql

# The server refuses to run as root.
as_owner=()
if [ "$(id -u)" = 0 ]; then
  owner=$(id -u postgres 2>/dev/null || echo 65534)
  as_owner=(setpriv --reuid="$owner" --regid="$owner" --clear-groups)
fi

# A socket's path has room for about a hundred characters, so not in $TMPDIR.
folder=$(mktemp -d /tmp/locket-pg.XXXXXX)
server=
stop() {
  # Fast shutdown: who is connected is thrown out.
  if [ -n "$server" ]; then kill -INT "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

LOCKET_POSTGRESQL_USER=postgres LOCKET_POSTGRESQL_SOCKET=$folder
LOCKET_POSTGRESQL_PASSWORD=$(python3 -c 'import secrets; print(secrets.token_hex(16))')
export LOCKET_POSTGRESQL_PORT LOCKET_POSTGRESQL_SOCKET LOCKET_POSTGRESQL_USER LOCKET_POSTGRESQL_PASSWORD LOCKET_PSQL
printf '%s\n' "$LOCKET_POSTGRESQL_PASSWORD" >"$folder/password"
if [ "$(id -u)" = 0 ]; then chown -R "$owner:$owner" "$folder"; fi
cd "$folder"
"${as_owner[@]}" "$programs/initdb" --pgdata="$folder/data" --username="$LOCKET_POSTGRESQL_USER" \
  --pwfile="$folder/password" --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync >"$folder/log" 2>&1 || {
  echo "PostgreSQL's cluster cannot be made: $(tail -n 3 "$folder/log")" >&2
  exit 1
}
rm "$folder/password"

# Between the choice of a port and its use another program may have taken it.
start() {
  LOCKET_POSTGRESQL_PORT=$(free_port)
  "${as_owner[@]}" "$programs/postgres" -D "$folder/data" -k "$folder" -p "$LOCKET_POSTGRESQL_PORT" \
    -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=50 >>"$folder/log" 2>&1 9>&- &
  server=$!
  for _ in $(seq 300); do
    if "$programs/pg_isready" -q -h 127.0.0.1 -p "$LOCKET_POSTGRESQL_PORT"; then return; fi
    kill -0 "$server" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}
start || { kill -INT "$server" 2>/dev/null || true; wait "$server" || true; start; } || {
  echo "PostgreSQL did not start: $(tail -n 3 "$folder/log")" >&2
  exit 1
}
cd "$OLDPWD"
"$@"
