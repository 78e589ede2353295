#!/usr/bin/env bash
# Runs a command beside a real OpenBao with TLS on loopback, and stops it afterwards:
#     tests/servers/with-openbao.sh COMMAND...
# The command finds the server in these variables; the token is the root's, all is in memory and gone at the end:
#     LOCKET_OPENBAO (the program), LOCKET_OPENBAO_ADDR (https://127.0.0.1:PORT), LOCKET_OPENBAO_TOKEN,
#     LOCKET_OPENBAO_CA (a file), LOCKET_OPENBAO_LOG (a file)
# Exit 77 and the reason when there is no server to be had.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || { sed -n '2,7p' "$0" >&2; exit 2; }

LOCKET_OPENBAO=$("$here/get.sh" --built openbao) || exit
folder=$(mktemp -d)
server=
stop() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# Between the choice of a port and its use another program may have taken it.
start() {
  local port
  port=$(free_port)
  LOCKET_OPENBAO_ADDR=https://127.0.0.1:$port
  env -i HOME="$folder" PATH="$PATH" "$LOCKET_OPENBAO" server -dev -dev-no-store-token \
    -dev-root-token-id="$LOCKET_OPENBAO_TOKEN" -dev-listen-address="127.0.0.1:$port" -dev-tls -dev-tls-cert-dir="$folder" \
    >"$LOCKET_OPENBAO_LOG" 2>&1 9>&- &
  server=$!
  for _ in $(seq 300); do
    if healthy; then return; fi
    kill -0 "$server" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}
healthy() {
  python3 - "$LOCKET_OPENBAO_ADDR" "$LOCKET_OPENBAO_CA" <<'PYTHON' 2>/dev/null
import ssl, sys, urllib.request
context = ssl.create_default_context(cafile=sys.argv[2])
urllib.request.urlopen(sys.argv[1] + "/v1/sys/health", context=context, timeout=5)
PYTHON
}

LOCKET_OPENBAO_TOKEN=root LOCKET_OPENBAO_CA=$folder/vault-ca.pem LOCKET_OPENBAO_LOG=$folder/log
export LOCKET_OPENBAO LOCKET_OPENBAO_ADDR LOCKET_OPENBAO_TOKEN LOCKET_OPENBAO_CA LOCKET_OPENBAO_LOG
start || { kill "$server" 2>/dev/null || true; start; } || {
  echo "OpenBao did not start: $(tail -n 3 "$LOCKET_OPENBAO_LOG")" >&2
  exit 1
}
"$@"
