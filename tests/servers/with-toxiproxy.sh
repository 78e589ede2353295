#!/usr/bin/env bash
# Runs a command beside a Toxiproxy on loopback, and stops it afterwards:
#     tests/servers/with-toxiproxy.sh COMMAND...
# The command finds its control interface in LOCKET_TOXIPROXY (http://127.0.0.1:PORT), and makes proxies and faults there.
# Exit 77 and the reason when it cannot be had.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || { sed -n '2,5p' "$0" >&2; exit 2; }

program=$("$here/get.sh" --built toxiproxy) || exit
log=$(mktemp)
proxy=
stop() {
  if [ -n "$proxy" ]; then kill "$proxy" 2>/dev/null || true; wait "$proxy" 2>/dev/null || true; fi
  rm -f "$log"
}
trap stop EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
healthy() { python3 -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1] + "/version", timeout=5)' "$LOCKET_TOXIPROXY" 2>/dev/null; }

# Between the choice of a port and its use another program may have taken it.
start() {
  local port
  port=$(free_port)
  export LOCKET_TOXIPROXY=http://127.0.0.1:$port
  env -i PATH="$PATH" LOG_LEVEL=error "$program" -host 127.0.0.1 -port "$port" >"$log" 2>&1 9>&- &
  proxy=$!
  for _ in $(seq 100); do
    if healthy; then return; fi
    kill -0 "$proxy" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}
start || { kill "$proxy" 2>/dev/null || true; start; } || {
  echo "Toxiproxy did not start: $(tail -n 3 "$log")" >&2
  exit 1
}
"$@"
