# cmake -DOUTPUT=verify_script.cpp -DFILE=verify.py -DHEADER=interop/verify_script.h -DNAMESPACE=albert::interop -DFUNCTION=verify_script
#   -P embed_text.cmake
# Writes the C++ source of a function that returns the text of a file, byte for byte.
cmake_minimum_required(VERSION 3.25)

file(READ "${FILE}" text)
string(FIND "${text}" ")text\"" end_of_literal)
if(NOT end_of_literal EQUAL -1)
  message(FATAL_ERROR "${FILE}: holds )text\", which ends the literal that it becomes; write it in another way")
endif()
cmake_path(GET FILE FILENAME name)

file(WRITE "${OUTPUT}" "// Made from ${name} by scripts/cmake/embed_text.cmake: edit that file.
#include \"${HEADER}\"

namespace ${NAMESPACE} {

std::string_view ${FUNCTION}() {
  return R\"text(${text})text\";
}

}  // namespace ${NAMESPACE}
")
