# The libraries of locket, one call each:
#
#   locket_library(NAME              the target locket::NAME, the component NAME, pkg-config's locket-NAME;
#                                    "locket" is the core: the component is called core, the package locket
#     [BACKEND]                      the default registry knows it (src/all)
#     [INTERNAL]                     a static library for other components; no headers, never on its own
#     SOURCES file...                relative to the calling folder
#     HEADERS file...                public headers, relative to include/locket; installed with the component
#     LINK name...                   other components that its headers include
#     LINK_PRIVATE name...           other components that only its sources use
#     FIND "Package [version]"...    third-party packages; users need them for static libraries only, and
#                                    get our FindPackage.cmake with them where there is one
#     THIRD_PARTY target...          their targets, never seen by users' compilers
#     PKG_CONFIG module...           the same for pkg-config (Requires.private)
#     LIBS flag...                   and what has no module there (Libs.private)
#     FIND_HEADERS "Package [version]"...   third-party headers that only the build needs, by our
#                                    FindPackage.cmake where there is one)
#
#   locket_sources(NAME SOURCES file... HEADERS file...)   adds another folder's files to a library
#   locket_option(NAME FOLDER "description")               the option LOCKET_NAME, ON, that adds a folder
#   locket_internal(NAME)                                  src/NAME, once, for the components that need it
include(CMakePackageConfigHelpers)

# Imported targets must be visible to whoever links a static library, in whatever folder.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
set(LOCKET_PACKAGE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/locket")
set(LOCKET_TEMPLATES "${CMAKE_CURRENT_LIST_DIR}")

# locket -> locket, env -> locket_env
function(_locket_target name out)
  if(name STREQUAL "locket")
    set(${out} locket PARENT_SCOPE)
  else()
    set(${out} "locket_${name}" PARENT_SCOPE)
  endif()
endfunction()

# locket -> core, env -> env
function(_locket_component name out)
  if(name STREQUAL "locket")
    set(${out} core PARENT_SCOPE)
  else()
    set(${out} "${name}" PARENT_SCOPE)
  endif()
endfunction()

macro(locket_option name folder description)
  option(LOCKET_${name} "${description}" ON)
  if(LOCKET_${name})
    add_subdirectory(${folder})
  endif()
endmacro()

macro(locket_internal name)
  if(NOT TARGET locket::${name})
    add_subdirectory("${PROJECT_SOURCE_DIR}/src/${name}" "${PROJECT_BINARY_DIR}/src/${name}")
  endif()
endmacro()

function(_locket_properties target)
  string(REGEX MATCH "^[0-9]+\\.[0-9]+" soversion "${PROJECT_VERSION}")
  if(PROJECT_VERSION_MAJOR GREATER 0)
    set(soversion ${PROJECT_VERSION_MAJOR})
  endif()
  set_target_properties(${target} PROPERTIES
    VERSION ${PROJECT_VERSION} SOVERSION ${soversion}
    DEFINE_SYMBOL "" CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    POSITION_INDEPENDENT_CODE ON
    INSTALL_RPATH "$<IF:$<PLATFORM_ID:Darwin>,@loader_path,$ORIGIN>")
  target_compile_features(${target} PUBLIC cxx_std_20)
  # Without it, g++ marks inline variables so that the dynamic loader never unloads the library again.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  if(NOT LOCKET_SANITIZE AND NOT APPLE)
    # What a static third-party library brings along is nobody else's business.
    target_link_options(${target} PRIVATE LINKER:-z,defs LINKER:--exclude-libs,ALL)
  endif()
  locket_warnings(${target})
endfunction()

function(locket_sources name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;HEADERS")
  _locket_target(${name} target)
  foreach(source IN LISTS arg_SOURCES)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
    target_sources(${target} PRIVATE "${source}")
  endforeach()
  if(arg_HEADERS)
    set_property(GLOBAL APPEND PROPERTY LOCKET_PUBLIC_HEADERS ${arg_HEADERS})
    list(TRANSFORM arg_HEADERS PREPEND "${PROJECT_SOURCE_DIR}/include/locket/")
    target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include"
      FILES ${arg_HEADERS})
  endif()
endfunction()

function(locket_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "BACKEND;INTERNAL" ""
    "SOURCES;HEADERS;LINK;LINK_PRIVATE;FIND;THIRD_PARTY;PKG_CONFIG;LIBS;FIND_HEADERS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "locket_library(${name}): what is ${arg_UNPARSED_ARGUMENTS}?")
  endif()
  _locket_target(${name} target)
  if(arg_INTERNAL)
    add_library(${target} STATIC)
  else()
    add_library(${target})
  endif()
  add_library(locket::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  _locket_properties(${target})
  locket_sources(${name} SOURCES ${arg_SOURCES} HEADERS ${arg_HEADERS})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/src")
  if(BUILD_SHARED_LIBS AND NOT arg_INTERNAL)
    target_compile_definitions(${target} PRIVATE $<$<PLATFORM_ID:Windows>:LOCKET_BUILDING_SHARED>
      INTERFACE $<$<PLATFORM_ID:Windows>:LOCKET_SHARED>)
  endif()

  foreach(package IN LISTS arg_FIND)
    separate_arguments(package)
    find_package(${package} REQUIRED)
  endforeach()
  set(header_packages "")
  foreach(package IN LISTS arg_FIND_HEADERS)
    separate_arguments(package)
    list(GET package 0 name_alone)
    list(APPEND header_packages ${name_alone})
    # Conan writes package files of its own for the same names, with other targets.
    if(EXISTS "${LOCKET_TEMPLATES}/Find${name_alone}.cmake")
      list(APPEND package MODULE)
    endif()
    find_package(${package} REQUIRED)
  endforeach()
  list(TRANSFORM arg_LINK PREPEND locket:: OUTPUT_VARIABLE link)
  list(TRANSFORM arg_LINK_PRIVATE PREPEND locket:: OUTPUT_VARIABLE link_private)
  target_link_libraries(${target} PUBLIC ${link} PRIVATE ${link_private} ${arg_THIRD_PARTY})
  foreach(package IN LISTS header_packages)
    target_include_directories(${target} SYSTEM PRIVATE
      $<TARGET_PROPERTY:${package}::${package},INTERFACE_INCLUDE_DIRECTORIES>)
  endforeach()

  if(arg_BACKEND)
    set_property(GLOBAL APPEND PROPERTY LOCKET_BACKENDS ${name})
  endif()
  # A shared library has its internal libraries inside.
  if(NOT (arg_INTERNAL AND BUILD_SHARED_LIBS))
    _locket_install(${name})
  endif()
endfunction()

# Installs one component: library, headers, CMake's and pkg-config's descriptions. Reads its caller's
# arguments.
function(_locket_install name)
  _locket_target(${name} target)
  _locket_component(${name} component)
  install(TARGETS ${target} EXPORT locket-${component}
    RUNTIME COMPONENT ${component} LIBRARY COMPONENT ${component} ARCHIVE COMPONENT ${component}
    FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT ${component})
  install(EXPORT locket-${component} NAMESPACE locket:: FILE locket-${component}-targets.cmake
    DESTINATION "${LOCKET_PACKAGE_DIR}" COMPONENT ${component})

  _locket_dependencies()
  set(out "${CMAKE_CURRENT_BINARY_DIR}")
  # Not locket-NAME.cmake: the component "config" would take the place of what find_package reads first.
  configure_file("${LOCKET_TEMPLATES}/locket-component.cmake.in" "${out}/locket-component-${component}.cmake" @ONLY)
  install(FILES "${out}/locket-component-${component}.cmake" DESTINATION "${LOCKET_PACKAGE_DIR}" COMPONENT ${component})
  if(NOT BUILD_SHARED_LIBS)
    foreach(package IN LISTS arg_FIND)
      string(REGEX REPLACE " .*" "" package "${package}")
      if(EXISTS "${LOCKET_TEMPLATES}/Find${package}.cmake")
        install(FILES "${LOCKET_TEMPLATES}/Find${package}.cmake"
          DESTINATION "${LOCKET_PACKAGE_DIR}" COMPONENT ${component})
      endif()
    endforeach()
  endif()
  configure_file("${LOCKET_TEMPLATES}/locket.pc.in" "${out}/${pc_name}.pc" @ONLY)
  install(FILES "${out}/${pc_name}.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT ${component})
endfunction()

# What the two descriptions of a component say about others. A shared library hides what it links privately.
macro(_locket_dependencies)
  string(REPLACE "_" "-" pc_name "${target}")
  set(components ${arg_LINK})
  set(packages "")
  set(pc_requires ${arg_LINK})
  set(pc_requires_private "")
  if(NOT BUILD_SHARED_LIBS)
    list(APPEND components ${arg_LINK_PRIVATE})
    foreach(package IN LISTS arg_FIND)
      string(APPEND packages "find_dependency(${package})\n")
    endforeach()
    set(pc_requires_private ${arg_LINK_PRIVATE})
  endif()
  list(TRANSFORM components REPLACE "^locket$" "core")
  list(TRANSFORM pc_requires REPLACE "_" "-")
  list(TRANSFORM pc_requires REPLACE "^(.+)$" "locket-\\1")
  list(TRANSFORM pc_requires REPLACE "^locket-locket$" "locket")
  list(TRANSFORM pc_requires_private REPLACE "_" "-")
  list(TRANSFORM pc_requires_private REPLACE "^(.+)$" "locket-\\1")
  list(TRANSFORM pc_requires_private REPLACE "^locket-locket$" "locket")
  cmake_path(RELATIVE_PATH CMAKE_INSTALL_PREFIX BASE_DIRECTORY "${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig"
    OUTPUT_VARIABLE pc_prefix)
  set(pc_libs_private "")
  if(NOT BUILD_SHARED_LIBS)
    list(APPEND pc_requires_private ${arg_PKG_CONFIG})
    list(JOIN arg_LIBS " " pc_libs_private)
  endif()
  list(JOIN pc_requires ", " pc_requires)
  list(JOIN pc_requires_private ", " pc_requires_private)
endmacro()

# Installs what find_package(locket) reads first.
function(locket_install_package)
  set(out "${PROJECT_BINARY_DIR}/locket-config.cmake")
  configure_package_config_file("${LOCKET_TEMPLATES}/locket-config.cmake.in" "${out}"
    INSTALL_DESTINATION "${LOCKET_PACKAGE_DIR}" NO_SET_AND_CHECK_MACRO)
  write_basic_package_version_file("${PROJECT_BINARY_DIR}/locket-config-version.cmake"
    COMPATIBILITY SameMinorVersion)
  install(FILES "${out}" "${PROJECT_BINARY_DIR}/locket-config-version.cmake"
    DESTINATION "${LOCKET_PACKAGE_DIR}" COMPONENT core)
endfunction()
