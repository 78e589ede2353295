#!/usr/bin/env bash
# Builds the Conan package with the system's own libraries:   conan.sh WORK_FOLDER
# Nothing is asked of a Conan remote, so it says that the recipe works, not that the packages it names are
# there.
set -euo pipefail
mkdir -p "$1"
work=$(cd "$1" && pwd)
source=$(cd "$(dirname "$0")/../.." && pwd)

install_conan() { python3 -m venv "$work/python" && "$work/python/bin/pip" install -q 'conan==2.34.0'; }
if [ ! -x "$work/python/bin/conan" ] && ! install_conan; then
  echo "Conan could not be installed from PyPI"
  exit 77
fi
export CONAN_HOME=$work/home CCACHE_BASEDIR=$work CCACHE_NOHASHDIR=1
conan() { "$work/python/bin/conan" "$@" >"$work/log" 2>&1 || { cat "$work/log"; return 1; }; }

rm -rf "$CONAN_HOME"
conan profile detect
cat >"$work/profile" <<'PROFILE'
include(default)
[settings]
compiler.cppstd=20
[conf]
tools.cmake.cmaketoolchain:generator=Ninja
[platform_requires]
cli11/2.1.2
fmt/9.1.0
libcurl/7.88.1
libyaml/0.2.5
nlohmann_json/3.11.2
openssl/3.0.0
rapidjson/cci.20220822
sqlite3/3.40.1
sqlitecpp/3.2.1
tomlplusplus/3.3.0
PROFILE
conan create "$source" --no-remote -pr:a "$work/profile" -tf ""
