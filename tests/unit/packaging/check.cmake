# The components that can be left out have the same names everywhere:   cmake -P check.cmake SOURCE_FOLDER
# CMakeLists.txt's locket_option lines, the table in conanfile.py, the features of vcpkg.json. And vcpkg.json, which must
# say a version, says the one of version.hpp.
cmake_minimum_required(VERSION 3.25)
set(source "${CMAKE_ARGV3}")
include("${source}/cmake/locket_version.cmake")

file(STRINGS "${source}/CMakeLists.txt" lines REGEX "^locket_option\\(")
list(TRANSFORM lines REPLACE "^locket_option\\(([A-Z_]+) .*" "\\1" OUTPUT_VARIABLE in_cmake)
list(TRANSFORM in_cmake TOLOWER)

file(STRINGS "${source}/conanfile.py" in_conan REGEX "^    \"[a-z_]+\": \\(")
list(TRANSFORM in_conan REPLACE "^    \"([a-z_]+)\".*" "\\1")

file(READ "${source}/vcpkg.json" manifest)
string(JSON vcpkg_version GET "${manifest}" version)
string(JSON count LENGTH "${manifest}" features)
set(in_vcpkg "")
foreach(index RANGE ${count})
  if(index LESS count)
    string(JSON feature MEMBER "${manifest}" features ${index})
    string(REPLACE "-" "_" feature "${feature}")
    list(APPEND in_vcpkg ${feature})
  endif()
endforeach()

foreach(names IN ITEMS in_cmake in_conan in_vcpkg)
  list(SORT ${names})
  list(JOIN ${names} " " ${names})
endforeach()
if(NOT in_cmake STREQUAL in_conan OR NOT in_cmake STREQUAL in_vcpkg)
  message(FATAL_ERROR "the components differ:\n CMake: ${in_cmake}\n Conan: ${in_conan}\n vcpkg: ${in_vcpkg}")
endif()
if(NOT vcpkg_version STREQUAL LOCKET_VERSION)
  message(FATAL_ERROR "vcpkg.json says ${vcpkg_version}, version.hpp ${LOCKET_VERSION}")
endif()
