# One test program:
#
#   locket_test(NAME            such as unit-env; the part before the first hyphen is its label
#     SOURCES file...           relative to the calling folder
#     [LINK target...])         in addition to locket::locket and Catch2
#
# CTest sees one test per program: asking each program for its cases would cost more than running them.
find_package(Catch2 3 REQUIRED)
set(LOCKET_RESULTS "${PROJECT_BINARY_DIR}/results")

function(locket_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  locket_warnings(${name})
  # Unit tests may look at what is private; what only works with public headers is shown by tests/install and examples.
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/tests")
  target_link_libraries(${name} PRIVATE locket::locket ${arg_LINK} Catch2::Catch2WithMain)
  string(REGEX MATCH "^[a-z]+" label "${name}")
  add_test(NAME ${name} COMMAND "${PROJECT_SOURCE_DIR}/tests/run-catch.sh" $<TARGET_FILE:${name}> "${LOCKET_RESULTS}")
  set_tests_properties(${name} PROPERTIES LABELS ${label})
endfunction()
