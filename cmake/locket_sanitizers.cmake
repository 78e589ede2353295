# Builds everything with the sanitizers that LOCKET_SANITIZE names. The first finding ends the program: a test
# must not pass with a report in its output.
if(LOCKET_SANITIZE)
  set(flags "-fsanitize=${LOCKET_SANITIZE}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    add_compile_options("-fsanitize-ignorelist=${CMAKE_CURRENT_LIST_DIR}/sanitizer-ignore.txt")
  endif()
  add_compile_options(${flags} -O1)
  add_link_options(${flags})
endif()
# libFuzzer watches which parts of the libraries an input reaches.
if(LOCKET_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
