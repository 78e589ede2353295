# RapidJSON::RapidJSON, the headers alone. RapidJSON's own package files name no target; Conan's and vcpkg's
# differ.
find_path(RapidJSON_INCLUDE_DIR rapidjson/document.h)
mark_as_advanced(RapidJSON_INCLUDE_DIR)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(RapidJSON REQUIRED_VARS RapidJSON_INCLUDE_DIR)
if(RapidJSON_FOUND AND NOT TARGET RapidJSON::RapidJSON)
  add_library(RapidJSON::RapidJSON INTERFACE IMPORTED GLOBAL)
  target_include_directories(RapidJSON::RapidJSON INTERFACE "${RapidJSON_INCLUDE_DIR}")
endif()
