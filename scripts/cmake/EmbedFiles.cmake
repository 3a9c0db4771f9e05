# Files that become part of the program. Included, it defines
#
#   albert_embed(SOURCES FUNCTION function HEADER folder/header.h FILES file... [TYPE Type [FOLDERS]])
#
# which appends to the list SOURCES a C++ source that the build makes of the files. The function, which the header declares in the namespace
# albert::folder, returns the text of the one file, byte for byte, as a std::string_view. With TYPE it returns a std::span of constants of that type,
# one for each file: its name without its ending, and its text; with FOLDERS the name of its folder before them.
#
# Run by `cmake -P` it makes that source; OUTPUT is its path.
cmake_minimum_required(VERSION 3.25)

function(write_embedded_source)
  set(entries "")
  foreach(file IN LISTS FILES)
    file(READ "${file}" text)
    string(FIND "${text}" ")text\"" end_of_literal)
    if(NOT end_of_literal EQUAL -1)
      message(FATAL_ERROR "${file}: holds )text\", which ends the literal that it becomes; write it in another way")
    endif()
    set(literal "R\"text(${text})text\"")
    cmake_path(GET file STEM LAST_ONLY name)
    cmake_path(GET file PARENT_PATH folder)
    cmake_path(GET folder FILENAME folder)
    set(names "\"${name}\", ")
    if(FOLDERS)
      string(PREPEND names "\"${folder}\", ")
    endif()
    string(APPEND entries "    {${names}${literal}},\n")
  endforeach()
  cmake_path(GET HEADER PARENT_PATH folder)
  if(TYPE)
    set(function "std::span<const ${TYPE}> ${FUNCTION}() {\n  static constexpr ${TYPE} kTexts[] = {\n${entries}  };\n  return kTexts;\n}")
  else()
    set(function "std::string_view ${FUNCTION}() {\n  return ${literal};\n}")
  endif()
  file(WRITE "${OUTPUT}" "// Made by scripts/cmake/EmbedFiles.cmake: edit the files that it was made of.
#include \"${HEADER}\"

namespace albert::${folder} {

${function}

}  // namespace albert::${folder}
")
endfunction()

if(CMAKE_SCRIPT_MODE_FILE)
  write_embedded_source()
  return()
endif()

set(albert_embed_script ${CMAKE_CURRENT_LIST_FILE})

function(albert_embed sources)
  cmake_parse_arguments(PARSE_ARGV 1 arg "FOLDERS" "FUNCTION;HEADER;TYPE" "FILES")
  set(files "") # not those of the caller
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded_${arg_FUNCTION}.cpp)
  foreach(file IN LISTS arg_FILES)
    cmake_path(ABSOLUTE_PATH file)
    list(APPEND files ${file})
  endforeach()
  add_custom_command(OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${source} "-DFILES=${files}" -DFUNCTION=${arg_FUNCTION} -DHEADER=${arg_HEADER} "-DTYPE=${arg_TYPE}"
            -DFOLDERS=${arg_FOLDERS} -P ${albert_embed_script}
    DEPENDS ${files} ${albert_embed_script}
    COMMENT "Taking files into the program: ${arg_FUNCTION}"
    VERBATIM)
  list(APPEND ${sources} ${source})
  set(${sources} ${${sources}} PARENT_SCOPE)
endfunction()
