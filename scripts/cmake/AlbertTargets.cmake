# The project's own targets: one static library per folder of src, one test program per folder of tests.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(ALBERT_CCACHE ccache)
mark_as_advanced(ALBERT_CCACHE)

add_library(albert_flags INTERFACE)
target_compile_features(albert_flags INTERFACE cxx_std_20)
target_compile_options(albert_flags INTERFACE -Wall -Wextra -Wshadow -Wconversion $<$<BOOL:${ALBERT_WARNINGS_AS_ERRORS}>:-Werror>)
if(ALBERT_SANITIZE)
  target_compile_options(albert_flags INTERFACE -fsanitize=${ALBERT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(albert_flags INTERFACE -fsanitize=${ALBERT_SANITIZE})
endif()

# Settings that every target of ours shares, and that no one who links it should see.
function(albert_common_properties target)
  target_link_libraries(${target} PRIVATE albert_flags)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  if(ALBERT_CCACHE)
    set_target_properties(${target} PROPERTIES CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND};-E;env;CCACHE_BASEDIR=${PROJECT_SOURCE_DIR};CCACHE_NOHASHDIR=1;CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime;${ALBERT_CCACHE}")
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()

# What a folder that uses LibTorch links: with CUDA where that is asked for.
add_library(albert_torch INTERFACE)
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

# The header of LibTorch that takes seconds to parse is compiled once, here, and lent to every target that uses LibTorch.
function(albert_precompiled_torch name)
  add_library(${name} OBJECT ${PROJECT_SOURCE_DIR}/scripts/cmake/empty.cpp)
  target_precompile_headers(${name} PRIVATE ${ARGN})
  target_link_libraries(${name} PRIVATE albert_torch)
  albert_common_properties(${name})
  set_property(TARGET ${name} PROPERTY ALBERT_HEADERS ${ARGN})
endfunction()

# A file may rely on the headers of its target. Where they are not precompiled (clang-tidy does not read g++'s), they are included.
function(albert_reuse_precompiled target from)
  target_precompile_headers(${target} REUSE_FROM ${from})
  if(CMAKE_DISABLE_PRECOMPILE_HEADERS)
    get_target_property(headers ${from} ALBERT_HEADERS)
    list(TRANSFORM headers REPLACE "<(.*)>" "SHELL:-include \\1")
    target_compile_options(${target} PRIVATE ${headers})
  endif()
endfunction()

# albert_library(FOLDER SOURCES a.cpp ... [PUBLIC lib ...] [PRIVATE lib ...] [PRECOMPILED target])
# PRECOMPILED names one of the targets made by albert_precompiled_torch, and links LibTorch.
function(albert_library folder)
  cmake_parse_arguments(arg "" "PRECOMPILED" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  set(target albert_${folder})
  add_library(${target} STATIC ${arg_SOURCES})
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${target} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  if(arg_PRECOMPILED)
    target_link_libraries(${target} PUBLIC albert_torch)
    albert_reuse_precompiled(${target} ${arg_PRECOMPILED})
  endif()
  albert_common_properties(${target})
endfunction()

# albert_test(FOLDER LABEL unit|parity|... SOURCES a_test.cpp ... LINKS lib ... [PRECOMPILED target])
# One program test_FOLDER, one ctest entry per case.
function(albert_test folder)
  cmake_parse_arguments(arg "" "PRECOMPILED;LABEL" "SOURCES;LINKS" ${ARGN})
  set(target test_${folder})
  add_executable(${target} ${arg_SOURCES})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${target} PRIVATE ALBERT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${target} PRIVATE ${arg_LINKS} GTest::gmock GTest::gtest_main)
  if(arg_PRECOMPILED)
    albert_reuse_precompiled(${target} ${arg_PRECOMPILED})
  endif()
  albert_common_properties(${target})
  gtest_discover_tests(${target} TEST_PREFIX "${folder}/" NO_PRETTY_VALUES DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${arg_LABEL} TIMEOUT 300)
endfunction()
