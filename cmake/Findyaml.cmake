# yaml, libyaml's library, under the name that its own package file gives it; Debian's package has none. Installed with
# the static libraries that need it.
find_path(yaml_INCLUDE_DIR yaml.h)
find_library(yaml_LIBRARY yaml)
mark_as_advanced(yaml_INCLUDE_DIR yaml_LIBRARY)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(yaml REQUIRED_VARS yaml_LIBRARY yaml_INCLUDE_DIR)
if(yaml_FOUND AND NOT TARGET yaml)
  add_library(yaml UNKNOWN IMPORTED GLOBAL)
  set_target_properties(yaml PROPERTIES
    IMPORTED_LOCATION "${yaml_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${yaml_INCLUDE_DIR}")
endif()
