# One test program, written with Catch2:
#
#   locket_test(NAME            such as unit-env; the part before the first hyphen is its label
#     SOURCES file...           relative to the calling folder
#     [LINK target...]          in addition to locket::locket and Catch2
#     [BESIDE server])          runs beside real servers: openbao, toxiproxy (tests/servers)
#
# One check that is a command: it passes with 0, and is skipped with 77 for the reason in its last line of
# output:
#
#   locket_check(NAME COMMAND command argument...)
#
# CTest sees one test per program: asking each program for its cases would cost more than running them. What
# each counted is in LOCKET_RESULTS, where tests/tally.sh adds it up.
find_package(Catch2 3 REQUIRED)
set(LOCKET_RESULTS "${PROJECT_BINARY_DIR}/results")

function(_locket_add_test name)
  add_test(NAME ${name} COMMAND ${ARGN})
  string(REGEX MATCH "^[a-z]+" label "${name}")
  set_tests_properties(${name} PROPERTIES LABELS ${label})
endfunction()

function(locket_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "BESIDE" "SOURCES;LINK")
  add_executable(${name} ${arg_SOURCES})
  locket_warnings(${name})
  # Unit tests may look at what is private; what works with public headers alone is shown by tests/install and
  # examples.
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/tests")
  target_link_libraries(${name} PRIVATE locket::locket ${arg_LINK} Catch2::Catch2WithMain)
  set(run "${PROJECT_SOURCE_DIR}/tests/run-catch.sh")
  if(arg_BESIDE)
    set(run "${PROJECT_SOURCE_DIR}/tests/servers/catch-with-${arg_BESIDE}.sh")
  endif()
  _locket_add_test(${name} "${run}" "${LOCKET_RESULTS}" $<TARGET_FILE:${name}>)
endfunction()

function(locket_check name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "COMMAND")
  _locket_add_test(${name}
    "${PROJECT_SOURCE_DIR}/tests/run-check.sh" "${LOCKET_RESULTS}" ${name} ${arg_COMMAND})
endfunction()
