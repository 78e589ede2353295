#!/usr/bin/env bash
# Builds locket and shows what it does, in six steps:   examples/quickstart.sh [--program LOCKET] [FOLDER]
# On Debian and Ubuntu it first installs what building needs, as far as it is missing (that needs root). Everything that
# it makes is in FOLDER (build/quickstart/shop, made anew each time) and, the program, in build/quickstart/program.
#   --program LOCKET   shows this program, and installs and builds nothing
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
project=$(dirname "$here")
build=$project/build/quickstart/program
program='' folder=$project/build/quickstart/shop
while [ $# -gt 0 ]; do
  case $1 in
    --program) program=${2:?--program needs a path}; shift 2 ;;
    -*) sed -n '2,5p' "$0" >&2; exit 2 ;;
    *) folder=$1; shift ;;
  esac
done

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' plain=$'\e[0m'; fi
step() { printf '\n%s== %s of 6: %s%s\n' "$bold" "$1" "$2" "$plain"; }
say() { printf '%s\n' "$@"; }
fail() { printf '\nquickstart: %s\nhint: %s\n' "$1" "$2" >&2; exit 1; }

# Shows a command, and runs exactly what it shows.
run() {
  printf '%s$ %s%s\n' "$bold" "$1" "$plain"
  bash -o pipefail -c "$1" 2>&1 || fail "this failed: $1" "what it wrote above says why; nothing outside $folder was touched"
}

# Runs a command whose output matters only when it fails.
quietly() {
  local log=$1
  shift
  "$@" >"$log" 2>&1 || { tail -n 40 "$log" >&2; return 1; }
}

# On a terminal one line that counts, elsewhere nothing until it is done.
count_steps() {
  local line
  while IFS= read -r line; do
    if [ -t 1 ] && [[ $line == \[*/*\]* ]]; then printf '\r%s' "compiling ${line%%]*}]"; fi
    printf '%s\n' "$line" >>"$1"
  done
  if [ -t 1 ]; then printf '\r\e[K'; fi
}

build_program() {
  local started=$SECONDS log=$build.log
  mkdir -p "$build"
  quietly "$log" "$project/tests/packages.sh" tool ||
    fail "packages are missing" "run: sudo $project/tests/packages.sh tool   and then this again"
  say "Packages are there after $((SECONDS - started)) s; now it compiles, which takes a few minutes the first time."
  local ninja=()
  if command -v ninja >/dev/null; then ninja=(-G Ninja); fi
  quietly "$log" cmake -S "$project" -B "$build" "${ninja[@]}" -DCMAKE_BUILD_TYPE=Release -DLOCKET_TESTS=OFF \
    -DLOCKET_TESTING=OFF || fail "CMake cannot configure locket" "install what it names above: $log has the whole story"
  : >"$log"
  cmake --build "$build" --target locket_program --parallel 2>&1 | count_steps "$log" ||
    { tail -n 40 "$log" >&2; fail "locket does not compile" "$log has the whole story"; }
  program=$build/src/cli/locket
  say "built $program after $((SECONDS - started)) s"
}

# Only ever empties a folder that an earlier run of this script made.
make_folder() {
  if [ -e "$folder" ] && [ ! -e "$folder/.quickstart" ] && [ -n "$(ls -A "$folder")" ]; then
    fail "$folder is not empty, and this script did not make it" "name another folder"
  fi
  rm -rf "$folder"
  mkdir -p "$folder"
  folder=$(cd "$folder" && pwd)
  : >"$folder/.quickstart"
  cp "$here"/quickstart/app.* "$folder"
  cd "$folder"
}

# The store of whoever runs this is never touched: what locket takes from the environment points into the folder.
isolate() {
  unset LOCKET_STORE LOCKET_CONFIG
  export XDG_DATA_HOME=$folder/data XDG_CONFIG_HOME=$folder/config
  PATH=$(dirname "$program"):$PATH
}

step 1 "build the program locket"
if [ -n "$program" ]; then
  program=$(realpath "$program")
  say "taking $program"
else
  build_program
fi
[ "$(basename "$program")" = locket ] || fail "$program is not called locket" "give the program that the build made"
make_folder
isolate
run 'locket version'

step 2 "create an encrypted store"
run 'locket init'

step 3 "store secrets"
say "From a pipe, from a generator, and as fields; at a terminal it would ask. Never as an argument: others could read it."
run 'printf %s "live-key-from-the-provider" | locket set payments/api_key --expires 90d'
run 'locket set web/session_key --generate length=48'
run 'printf %s shop-app | locket set db --field username'
run 'locket set db --field password --generate length=24,charset=ascii'
run 'locket list --format table'

step 4 "resolve a configuration file"
run 'cat app.yaml'
run 'locket check app.yaml'
run 'locket resolve app.yaml -o app.resolved.yaml'

step 5 "run a program with secrets in its environment"
run 'cat app.env app.sh'
run 'locket run --env-file app.env -- ./app.sh'
say "What the program printed went through locket, which knew the password again and masked it."

step 6 "see that the files on the disk hold no value"
say "Which files below this folder hold one of the values? The resolved configuration does, the store does not."
# The values go through a pipe: as arguments of grep, others could read them.
search='(locket get payments/api_key; echo; locket get web/session_key; echo; locket get db -f password) | grep -rlFf - .'
run "$search"
[ "$(bash -c "$search")" = ./app.resolved.yaml ] ||
  fail "a value was found where none should be" "report this, it is a serious fault"
run "stat -c '%A %n' data/locket/* config/locket/* app.resolved.yaml"
say "The names of secrets can be read from the file, their values cannot. Who has the key too has everything."

say "" "${bold}The resolved configuration:${plain}"
run 'cat app.resolved.yaml'

say "" "${bold}What next${plain}"
say "  Play with this store:      export PATH=$(dirname "$program"):\$PATH" \
  "                             export XDG_DATA_HOME=$folder/data XDG_CONFIG_HOME=$folder/config" \
  "  See what locket can do:    locket help" \
  "  Use it in a C++ program:   README.md, \"Use it\"; small whole programs are in examples/" \
  "  Throw all of this away:    rm -rf $folder $build"
