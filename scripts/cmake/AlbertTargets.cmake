# The project's own targets: one static library per folder of src, one test program per folder of tests.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# The kernels of ops ask for -O3 themselves; what is left gains nothing from it but a longer build.
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")

find_program(ALBERT_CCACHE ccache)
mark_as_advanced(ALBERT_CCACHE)

add_library(albert_flags INTERFACE)
target_compile_features(albert_flags INTERFACE cxx_std_20)
target_compile_options(albert_flags INTERFACE -Wall -Wextra -Wshadow -Wconversion $<$<BOOL:${ALBERT_WARNINGS_AS_ERRORS}>:-Werror>)
# Sources that are compiled together (unity build, in the release preset: half of the compile time) include one another, as far as the compiler
# knows: it then warns of classes of a source that hold what only that source knows.
target_compile_options(albert_flags INTERFACE $<$<BOOL:${CMAKE_UNITY_BUILD}>:-Wno-subobject-linkage>)
if(ALBERT_SANITIZE)
  target_compile_options(albert_flags INTERFACE -fsanitize=${ALBERT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(albert_flags INTERFACE -fsanitize=${ALBERT_SANITIZE})
endif()

# Tests spend their time in the libraries, which are optimised; of a test file the optimiser is a third of the compile time.
add_library(albert_test_flags INTERFACE)
target_compile_options(albert_test_flags INTERFACE $<$<CONFIG:Release>:-O0>)

# Settings that every target of ours shares, and that no one who links it should see.
function(albert_common_properties target)
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:albert_flags>)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  if(ALBERT_CCACHE)
    set_target_properties(${target} PROPERTIES CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND};-E;env;CCACHE_BASEDIR=${PROJECT_SOURCE_DIR};CCACHE_NOHASHDIR=1;CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime;${ALBERT_CCACHE}")
    # What makes precompiled headers equal where what they were made of is.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>
      $<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>)
  endif()
endfunction()

# What a folder that uses LibTorch links: with CUDA where that is asked for. Two of LibTorch's headers are replaced by declarations: every
# file that sees torch/nn/module.h would instantiate the templates behind them again, for nothing (2 s of its 4).
add_library(albert_torch INTERFACE)
target_include_directories(albert_torch SYSTEM INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/scripts/cmake/torch_declarations>)
install(TARGETS albert_torch EXPORT albert_targets)
function(albert_choose_torch)
  if(NOT ALBERT_CUDA)
    target_link_libraries(albert_torch INTERFACE LibTorch::cpu)
  elseif(TARGET LibTorch::cuda)
    target_link_libraries(albert_torch INTERFACE LibTorch::cuda)
  else()
    message(FATAL_ERROR "ALBERT_CUDA is on, but ${LibTorch_CUDA_REASON}. Run scripts/setup.sh --cuda, or name a complete LibTorch: "
      "-DCMAKE_PREFIX_PATH=/path/to/libtorch")
  endif()
endfunction()

# albert_precompiled(NAME [ALWAYS <a> ...] [HEADERS <b> ...] LINKS lib ...): what many files spend their time parsing, compiled once
# and lent to them. For HEADERS it is a matter of speed only: a file includes what it uses, and lint.sh checks that without them
# (CMAKE_DISABLE_PRECOMPILE_HEADERS). On the headers of ALWAYS a file may rely; no build does without them.
function(albert_precompiled name)
  cmake_parse_arguments(arg "" "" "ALWAYS;HEADERS;LINKS" ${ARGN})
  add_library(${name} OBJECT ${PROJECT_SOURCE_DIR}/scripts/cmake/empty.cpp)
  if(arg_ALWAYS)
    set_property(TARGET ${name} PROPERTY DISABLE_PRECOMPILE_HEADERS OFF)
    if(CMAKE_DISABLE_PRECOMPILE_HEADERS)
      set(arg_HEADERS "")
    endif()
  endif()
  target_precompile_headers(${name} PRIVATE ${arg_ALWAYS} ${arg_HEADERS})
  target_link_libraries(${name} PRIVATE ${arg_LINKS})
  albert_common_properties(${name})
  add_dependencies(albert_precompiled_headers ${name})
endfunction()
add_custom_target(albert_precompiled_headers)

# A file of this target may rely on the headers that the other precompiles in any build.
function(albert_rely_on_precompiled target from)
  set_property(TARGET ${target} PROPERTY DISABLE_PRECOMPILE_HEADERS OFF)
  target_precompile_headers(${target} REUSE_FROM ${from})
endfunction()

# albert_plain_sources(TARGET HEADERS target SOURCES a.cpp ... [LINKS lib ...]): sources of a target with LibTorch that see none of its headers,
# which alone take a second to load; those that the other target precompiles take a quarter of it. What they link is for its headers only.
function(albert_plain_sources target)
  cmake_parse_arguments(arg "" "HEADERS" "SOURCES;LINKS" ${ARGN})
  add_library(${target}_plain OBJECT ${arg_SOURCES})
  target_include_directories(${target}_plain PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${target}_plain PRIVATE albert_base ${arg_LINKS})
  target_precompile_headers(${target}_plain REUSE_FROM ${arg_HEADERS})
  albert_common_properties(${target}_plain)
  target_sources(${target} PRIVATE $<TARGET_OBJECTS:${target}_plain>)
endfunction()

# albert_library(FOLDER SOURCES a.cpp ... [PUBLIC lib ...] [PRIVATE lib ...] [PRECOMPILED target [PLAIN b.cpp ...]])
# PRECOMPILED names the target that precompiles headers of LibTorch, on which the sources may rely, and links LibTorch; the sources of PLAIN
# see no such header. Without LibTorch such a library has these alone, among them all readers of file formats, and is built where something
# links it.
function(albert_library folder)
  cmake_parse_arguments(arg "" "PRECOMPILED" "SOURCES;PLAIN;PUBLIC;PRIVATE" ${ARGN})
  set(target albert_${folder})
  if(arg_PRECOMPILED AND NOT ALBERT_TORCH)
    add_library(${target} STATIC EXCLUDE_FROM_ALL ${arg_PLAIN} ${PROJECT_SOURCE_DIR}/scripts/cmake/empty.cpp)
    unset(arg_PRECOMPILED)
    unset(arg_PLAIN)
  else()
    add_library(${target} STATIC ${arg_SOURCES})
  endif()
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src> $<INSTALL_INTERFACE:include/albert>)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_link_libraries(${target} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  install(TARGETS ${target} EXPORT albert_targets ARCHIVE DESTINATION lib COMPONENT development)
  if(arg_PRECOMPILED)
    target_link_libraries(${target} PUBLIC albert_torch)
    albert_rely_on_precompiled(${target} ${arg_PRECOMPILED})
  else()
    target_precompile_headers(${target} REUSE_FROM albert_std_pch)
  endif()
  if(arg_PLAIN)
    albert_plain_sources(${target} HEADERS albert_std_pch SOURCES ${arg_PLAIN} LINKS ${arg_PRIVATE})
  endif()
  albert_common_properties(${target})
endfunction()

# What find_package(albert) needs: the libraries and their headers, and a description of what they are linked with.
function(albert_install_package)
  set(folder lib/cmake/albert)
  set(description ${PROJECT_BINARY_DIR}/albertConfig.cmake)
  configure_file(${PROJECT_SOURCE_DIR}/scripts/cmake/albertConfig.cmake.in ${description} @ONLY)
  include(CMakePackageConfigHelpers)
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/albertConfigVersion.cmake COMPATIBILITY SameMinorVersion)
  install(EXPORT albert_targets NAMESPACE albert:: DESTINATION ${folder} COMPONENT development)
  file(GLOB finders ${PROJECT_SOURCE_DIR}/scripts/cmake/Find*.cmake)
  install(FILES ${description} ${PROJECT_BINARY_DIR}/albertConfigVersion.cmake ${finders} DESTINATION ${folder} COMPONENT development)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/src/ DESTINATION include/albert COMPONENT development FILES_MATCHING PATTERN "*.h" PATTERN cli EXCLUDE)
endfunction()

# albert_test(FOLDER LABEL unit|parity|... SOURCES a_test.cpp ... LINKS lib ... [TORCH [PLAIN b_test.cpp ...]])
# One program test_FOLDER, one ctest entry per case. It runs in the root of the checkout: no path is compiled in, and ccache serves every
# clone.
# TORCH: there is none without LibTorch.
function(albert_test folder)
  cmake_parse_arguments(arg "TORCH" "LABEL" "SOURCES;PLAIN;LINKS" ${ARGN})
  if(arg_TORCH AND NOT ALBERT_TORCH)
    return()
  endif()
  set(target test_${folder})
  add_executable(${target} ${arg_SOURCES})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${target} PRIVATE ${arg_LINKS} GTest::gmock GTest::gtest_main albert_test_flags)
  if(arg_TORCH)
    albert_rely_on_precompiled(${target} albert_torch_test_pch)
  else()
    albert_rely_on_precompiled(${target} albert_test_pch)
  endif()
  if(arg_PLAIN)
    albert_plain_sources(${target} HEADERS albert_test_pch SOURCES ${arg_PLAIN} LINKS GTest::gmock albert_test_flags)
    set_property(TARGET ${target}_plain PROPERTY DISABLE_PRECOMPILE_HEADERS OFF)
    set_property(TARGET ${target}_plain PROPERTY UNITY_BUILD OFF)
    target_include_directories(${target}_plain PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  endif()
  albert_common_properties(${target})
  set_property(TARGET ${target} PROPERTY UNITY_BUILD OFF) # each test file has names of its own
  gtest_discover_tests(${target} TEST_PREFIX "${folder}/" NO_PRETTY_VALUES DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} PROPERTIES LABELS ${arg_LABEL} TIMEOUT 300)
endfunction()

# The folders of src in the order of the data flow, which those of tests mirror.
macro(albert_add_folders)
  set(folders base config text corpus metrics tasks ops model host optim parallel checkpoint inference interop serve train report)
  if(ALBERT_TORCH)
    list(APPEND folders cli)
  endif()
  foreach(folder IN LISTS folders)
    add_subdirectory(${folder})
  endforeach()
endmacro()
