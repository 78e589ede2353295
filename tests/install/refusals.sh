#!/usr/bin/env bash
# What find_package must refuse, in words:   refusals.sh PREFIX WORK_FOLDER
set -euo pipefail
prefix=$1 project=$2/refusals
mkdir -p "$project"

# refused ARGUMENTS TEXT: find_package(locket ARGUMENTS REQUIRED) fails and says TEXT.
refused() {
  local output
  printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(refused LANGUAGES CXX)' "find_package(locket $1)" \
    >"$project/CMakeLists.txt"
  rm -rf "$project/build"
  if output=$(cmake -G Ninja -S "$project" -B "$project/build" -DCMAKE_PREFIX_PATH="$prefix" 2>&1); then
    echo "find_package(locket $1) was accepted"
    return 1
  fi
  grep -q "$2" <<<"$output" || { echo "find_package(locket $1) does not say '$2' but: $output"; return 1; }
}

refused 'REQUIRED COMPONENTS telepathy' 'telepathy'
refused '99.0 REQUIRED' 'version: 0\.'
