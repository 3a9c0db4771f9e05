# The CUDA compiler as NVCC_EXECUTABLE: that of the package nvidia-cuda-nvcc beside LibTorch, as scripts/setup.sh --cuda installs it, else one
# of a CUDA toolkit. CMake's own support of CUDA as a language wants a whole toolkit in the toolkit's layout; what is compiled here needs the
# compiler and the runtime library that LibTorch loads anyway.
#
# NVCC_CUDART is that library.
find_program(NVCC_EXECUTABLE nvcc
  HINTS ${LIBTORCH_ROOT}/../nvidia/cu13/bin ENV CUDA_HOME
  PATHS /usr/local/cuda/bin
  PATH_SUFFIXES bin)
if(NVCC_EXECUTABLE)
  execute_process(COMMAND ${NVCC_EXECUTABLE} --version OUTPUT_VARIABLE version ERROR_QUIET)
  string(REGEX MATCH "release ([0-9]+\\.[0-9]+)" version "${version}")
  set(Nvcc_VERSION ${CMAKE_MATCH_1})
endif()
find_library(NVCC_CUDART NAMES libcudart.so.13 cudart
  HINTS ${LIBTORCH_ROOT}/../nvidia/cu13/lib ${LIBTORCH_ROOT}/lib ENV CUDA_HOME
  PATHS /usr/local/cuda/lib64
  PATH_SUFFIXES lib64)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Nvcc
  REQUIRED_VARS NVCC_EXECUTABLE NVCC_CUDART
  VERSION_VAR Nvcc_VERSION
  REASON_FAILURE_MESSAGE "the program's own kernels for GPUs are left out, LibTorch's serve instead: run scripts/setup.sh --cuda, or name nvcc in NVCC_EXECUTABLE")
mark_as_advanced(NVCC_EXECUTABLE NVCC_CUDART)

# albert_compile_cuda(TARGET source.cu ...): machine code for compute capability 7.5, which is the least that CUDA 13 knows, 8.0 and 9.0, and
# code that later GPUs compile when they load it.
function(albert_compile_cuda target)
  foreach(source ${ARGN})
    string(MAKE_C_IDENTIFIER ${source} name)
    set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.o)
    add_custom_command(OUTPUT ${object}
      COMMAND ${NVCC_EXECUTABLE} -std=c++20 -O3 -I${PROJECT_SOURCE_DIR}/src -ccbin ${CMAKE_CXX_COMPILER}
        --generate-code=arch=compute_75,code=sm_75 --generate-code=arch=compute_80,code=sm_80
        --generate-code=arch=compute_90,code=[sm_90,compute_90]
        -Xcompiler=-fPIC,-Wall,-Wextra $<$<BOOL:${ALBERT_WARNINGS_AS_ERRORS}>:-Werror=all-warnings>
        -MD -MF ${object}.d -c ${CMAKE_CURRENT_SOURCE_DIR}/${source} -o ${object}
      DEPENDS ${source} DEPFILE ${object}.d
      COMMENT "Building CUDA object ${source}"
      COMMAND_EXPAND_LISTS VERBATIM)
    target_sources(${target} PRIVATE ${object})
    set_source_files_properties(${object} PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
  endforeach()
  target_link_libraries(${target} PUBLIC ${NVCC_CUDART})
endfunction()
