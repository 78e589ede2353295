# Sets LOCKET_VERSION to what include/locket/version.hpp says.
file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/../include/locket/version.hpp" line
  REGEX "^#define LOCKET_VERSION_STRING \"[0-9.]+\"$")
string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" LOCKET_VERSION "${line}")
if(NOT LOCKET_VERSION)
  message(FATAL_ERROR "include/locket/version.hpp does not say LOCKET_VERSION_STRING")
endif()
