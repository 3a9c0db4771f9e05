# Finds LibTorch without its own TorchConfig.cmake, which demands a CUDA toolkit even for a CPU program.
#
# Looks for the folder that holds include/torch and lib/libtorch_cpu.so: a LibTorch zip or a wheel's torch/ folder named by
# CMAKE_PREFIX_PATH (the variable, or that of the environment), else what scripts/setup.sh put into .deps.
#
# Targets: LibTorch::cpu, and LibTorch::cuda where the libraries of a CUDA build are complete. LibTorch_CUDA_REASON says why the
# latter is missing. LibTorch_CPU_FILES are all that a program for CPUs needs of it when it runs: the libraries of the wheel are linked with two
# of CUDA's, which lie beside it.
set(fetched cpu cuda)
if(ALBERT_CUDA)
  set(fetched cuda)
endif()
list(TRANSFORM fetched PREPEND ${PROJECT_SOURCE_DIR}/.deps/libtorch-)
list(APPEND fetched ${albert_LIBTORCH}) # with which an installed albert was built
find_path(LIBTORCH_ROOT include/torch/headeronly/version.h
  HINTS ${CMAKE_PREFIX_PATH} ENV CMAKE_PREFIX_PATH
  PATHS ${fetched}
  PATH_SUFFIXES . torch libtorch
  NO_DEFAULT_PATH)

if(LIBTORCH_ROOT)
  file(STRINGS ${LIBTORCH_ROOT}/include/torch/headeronly/version.h version_lines REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) [0-9]+")
  list(TRANSFORM version_lines REPLACE ".* " "")
  list(JOIN version_lines "." LibTorch_VERSION)
endif()
foreach(part cpu cuda)
  find_library(LIBTORCH_${part}_LIBRARY torch_${part} HINTS ${LIBTORCH_ROOT}/lib NO_DEFAULT_PATH)
endforeach()
find_library(LIBTORCH_c10_LIBRARY c10 HINTS ${LIBTORCH_ROOT}/lib NO_DEFAULT_PATH)
find_library(LIBTORCH_c10_cuda_LIBRARY c10_cuda HINTS ${LIBTORCH_ROOT}/lib NO_DEFAULT_PATH)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LIBTORCH_ROOT LIBTORCH_cpu_LIBRARY LIBTORCH_c10_LIBRARY
  VERSION_VAR LibTorch_VERSION
  REASON_FAILURE_MESSAGE "run scripts/setup.sh (with --cuda for -DALBERT_CUDA=ON), or name a LibTorch folder: -DCMAKE_PREFIX_PATH=/path/to/libtorch")

if(LibTorch_FOUND AND NOT TARGET LibTorch::cpu)
  add_library(LibTorch::c10 SHARED IMPORTED)
  set_target_properties(LibTorch::c10 PROPERTIES IMPORTED_LOCATION ${LIBTORCH_c10_LIBRARY})
  add_library(LibTorch::cpu SHARED IMPORTED)
  set_target_properties(LibTorch::cpu PROPERTIES IMPORTED_LOCATION ${LIBTORCH_cpu_LIBRARY})
  # The wheel carries another fmt than the system's spdlog was built with: -idirafter lets the system's headers win.
  target_compile_options(LibTorch::cpu INTERFACE
    "SHELL:-idirafter ${LIBTORCH_ROOT}/include"
    "SHELL:-idirafter ${LIBTORCH_ROOT}/include/torch/csrc/api/include")
  # Without OpenMP at::parallel_for runs on one thread, silently. LibTorch's own libgomp (whose name a zip decorates) serves; a second
  # one is not linked.
  file(GLOB libgomp ${LIBTORCH_ROOT}/lib/libgomp*.so*)
  if(NOT libgomp)
    set(libgomp gomp)
  endif()
  target_compile_options(LibTorch::cpu INTERFACE -fopenmp)
  target_link_libraries(LibTorch::cpu INTERFACE LibTorch::c10 ${libgomp})
  file(GLOB LibTorch_CPU_FILES ${LIBTORCH_ROOT}/lib/libgomp*.so* ${LIBTORCH_ROOT}/../nvidia/cu*/lib/libcudart.so.*
    ${LIBTORCH_ROOT}/../nvidia/cu*/lib/libcupti.so.*)
  list(APPEND LibTorch_CPU_FILES ${LIBTORCH_cpu_LIBRARY} ${LIBTORCH_c10_LIBRARY})

  # The CPU part of the wheel has libtorch_cuda.so too, but not what that needs: ask the loader.
  set(missing LIBTORCH_cuda_LIBRARY)
  if(LIBTORCH_cuda_LIBRARY AND LIBTORCH_c10_cuda_LIBRARY)
    execute_process(COMMAND ldd ${LIBTORCH_cuda_LIBRARY} OUTPUT_VARIABLE needed)
    string(REGEX MATCHALL "[^ \t\n]+ => not found" missing "${needed}")
    list(TRANSFORM missing REPLACE " => not found" "")
    list(REMOVE_DUPLICATES missing)
  endif()
  if(missing)
    list(JOIN missing ", " missing)
    set(LibTorch_CUDA_REASON "${LIBTORCH_ROOT} lacks ${missing}")
  else()
    # Nothing of ours names a symbol of libtorch_cuda: it registers its kernels when loaded, so the linker must not drop it.
    add_library(LibTorch::cuda INTERFACE IMPORTED)
    target_link_libraries(LibTorch::cuda INTERFACE LibTorch::cpu
      "-Wl,--push-state,--no-as-needed,${LIBTORCH_cuda_LIBRARY},${LIBTORCH_c10_cuda_LIBRARY},--pop-state")
  endif()
endif()
mark_as_advanced(LIBTORCH_ROOT LIBTORCH_cpu_LIBRARY LIBTORCH_cuda_LIBRARY LIBTORCH_c10_LIBRARY LIBTORCH_c10_cuda_LIBRARY)
