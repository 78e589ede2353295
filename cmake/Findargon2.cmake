# argon2::argon2, the reference library (libargon2). Installed with the static libraries that need it.
find_path(argon2_INCLUDE_DIR argon2.h)
find_library(argon2_LIBRARY argon2)
mark_as_advanced(argon2_INCLUDE_DIR argon2_LIBRARY)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(argon2 REQUIRED_VARS argon2_LIBRARY argon2_INCLUDE_DIR)
if(argon2_FOUND AND NOT TARGET argon2::argon2)
  add_library(argon2::argon2 UNKNOWN IMPORTED GLOBAL)
  set_target_properties(argon2::argon2 PROPERTIES
    IMPORTED_LOCATION "${argon2_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${argon2_INCLUDE_DIR}")
endif()
