# cmake -DSOURCE=folder -DOUTPUT=build_commit.cpp -P build_commit.cmake
# Writes the C++ source that holds the commit that is being built and its date, as cli/version.h declares them; leaves the file alone where
# they have not changed.
cmake_minimum_required(VERSION 3.25)

execute_process(COMMAND ${CMAKE_COMMAND} -E env GIT_OPTIONAL_LOCKS=0 git describe --always --dirty --abbrev=9 --exclude *
  WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failure)
if(failure)
  set(commit "") # no git, or no checkout of it
endif()
execute_process(COMMAND git log -1 --format=%cs
  WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[// Made by scripts/cmake/build_commit.cmake in each build.
#include "cli/version.h"

namespace albert::cli {

std::string_view build_commit() {
  return "@commit@";
}

std::string_view build_date() {
  return "@date@";
}

}  // namespace albert::cli
]])
