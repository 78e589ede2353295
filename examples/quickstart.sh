#!/usr/bin/env bash
# Builds locket and shows what it does, in six steps:   examples/quickstart.sh [--program LOCKET] [FOLDER]
# On Debian and Ubuntu it first installs what building needs, as far as it is missing (that needs root). Everything that
# it makes is in FOLDER (build/quickstart/shop, made anew each time) and, the program, in build/quickstart/program.
#   --program LOCKET   shows this program, and installs and builds nothing
set -euo pipefail
project=$(cd "$(dirname "$0")/.." && pwd)
build=build/quickstart/program
program='' folder=$project/build/quickstart/shop
while [ $# -gt 0 ]; do
  case $1 in
    --program) program=$(realpath "${2:?--program needs a path}"); shift 2 ;;
    -*) sed -n '2,5p' "$0" >&2; exit 2 ;;
    *) folder=$(realpath -m "$1"); shift ;;
  esac
done

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' plain=$'\e[0m'; fi
step() { printf '\n%s== %s of 6: %s%s\n' "$bold" "$1" "$2" "$plain"; }
say() { printf '%s\n' "$@"; }
fail() { printf '\nquickstart: %s\nhint: %s\n' "$1" "$2" >&2; exit 1; }

show() { printf '%s$ %s%s\n' "$bold" "$*" "$plain"; }

# Shows a command, and runs exactly what it shows.
run() {
  show "$1"
  bash -o pipefail -c "$1" 2>&1 || fail "this failed: $1" "what it wrote above says why; it worked in $folder alone"
}

# The same for commands that write much: what they wrote matters only when they fail.
quietly() {
  show "$@"
  "$@" 2>&1 | tee -a "$build.log" | progress && return
  tail -n 40 "$build.log" >&2
  return 1
}

# What is installed or has to be; and what is being compiled, on a terminal alone, in one line that counts.
progress() {
  local line
  while IFS= read -r line; do
    case $line in
      installing:* | 'no apt-get here:'*) printf '%s\n' "$line" ;;
      \[*/*\]*) [ ! -t 1 ] || printf '\r%s' "compiling ${line%%]*}]" ;;
    esac
  done
  [ ! -t 1 ] || printf '\r\e[K'
}

build_program() {
  local started=$SECONDS generator=() others=()
  cd "$project"
  mkdir -p "$build"
  : >"$build.log"
  quietly tests/packages.sh tool ||
    fail "packages are missing" "run: sudo $project/tests/packages.sh tool   and then this again"
  if command -v ninja >/dev/null; then generator=(-G Ninja); fi
  # The tour needs no server, and backends that do want libraries of their own.
  mapfile -t others < <(sed -nE '/\((LOCAL|ENV|DIR) /d; s/^locket_option\((\w+) backends.*/-DLOCKET_\1=OFF/p' \
    CMakeLists.txt)
  # Little optimization: g++ takes two thirds of the time, and nothing here waits for the processor.
  quietly cmake -S . -B "$build" "${generator[@]}" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O1 \
    -DLOCKET_TESTS=OFF -DLOCKET_TESTING=OFF "${others[@]}" ||
    fail "CMake cannot configure locket" "install what it names above; the whole story is in $project/$build.log"
  say "Compiling takes a few minutes the first time."
  quietly cmake --build "$build" --target locket_program --parallel "$(getconf _NPROCESSORS_ONLN)" ||
    fail "locket does not compile" "the whole story is in $project/$build.log"
  program=$project/$build/src/cli/locket
  say "built $build/src/cli/locket in $((SECONDS - started)) s"
}

# Only ever empties a folder that an earlier run of this script made.
make_folder() {
  if [ -e "$folder" ] && [ ! -e "$folder/.quickstart" ] && [ -n "$(ls -A "$folder")" ]; then
    fail "$folder is not empty, and this script did not make it" "name another folder"
  fi
  rm -rf "$folder"
  mkdir -p "$folder"
  : >"$folder/.quickstart"
  cp "$project"/examples/quickstart/app.* "$folder"
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
say "From a pipe, a generator, or asked for; never as an argument, which others on the machine could read."
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
search='(locket get payments/api_key; echo; locket get web/session_key; echo; locket get db -f password) |
    grep -rlFf - .'
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
  "  Throw all of this away:    rm -rf $folder"
