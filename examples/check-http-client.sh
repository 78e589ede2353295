#!/usr/bin/env bash
# The client of http_client.cpp uses the key of a store, and goes on when the key is rotated while it runs:
#   check-http-client.sh PROGRAM LOCKET
set -euo pipefail
program=$1 locket=$2
here=$(cd "$(dirname "$0")" && pwd)
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY LOCKET_CONFIG
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export LOCKET_STORE="local:$folder/store.db?key-file=$folder/key"
"$locket" init --quiet >"$folder/made"
"$locket" set --quiet example/api_key --generate length=40
"$locket" get example/api_key >"$folder/accepted"

# Both end when this script closes their input.
coproc service { exec python3 -B "$here/api_server.py" "$folder/accepted" "$folder/log"; }
read -r port <&"${service[0]}"
exec {to_service}>&"${service[1]}"
mkfifo "$folder/paths" "$folder/answers"
"$program" "http://127.0.0.1:$port" example/api_key <"$folder/paths" >"$folder/answers" 2>"$folder/told" &
client=$!
exec {paths}>"$folder/paths" {answers}<"$folder/answers"

fail() { printf '%s\n' "$@"; cat "$folder/told" "$folder/log"; exit 1; }
asks() {
  local path=$1 wanted=$2 answer
  echo "$path" >&"$paths"
  read -r answer <&"$answers" || fail "the client ended"
  [ "$answer" = "$path: $wanted" ] || fail "wanted: $path: $wanted" "got:    $answer"
}
asks /first 200
asks /second 200
# Another process rotates the key; the client has the old one in its hand.
"$locket" rotate --quiet example/api_key
"$locket" get example/api_key >"$folder/accepted"
asks /third 200
# The service takes this key no more, and the store has no other.
echo revoked >"$folder/accepted"
echo /fourth >&"$paths"
wait "$client" && fail "the client went on with a key that is refused"
grep -qF "the service refuses the key 'example/api_key'" "$folder/told" || fail "the client did not say why it ended"
diff "$folder/log" - <<'END' || fail "the service was asked otherwise"
/first 200
/second 200
/third 401
/third 200
/fourth 401
END
exec {to_service}>&-
