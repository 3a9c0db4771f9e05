# ONNX Runtime as an imported target OnnxRuntime::OnnxRuntime, for one of the examples.
#
# ONNXRUNTIME_INCLUDE_DIR, the variable or that of the environment, names the folder of onnxruntime_cxx_api.h: Debian 12 has no package of
# it, and the wheel of PyPI none of its headers. The library is looked for beside them, and in the wheel that scripts/setup.sh --tests puts
# into .deps; headers older than the library serve.
find_path(ONNXRUNTIME_INCLUDE_DIR onnxruntime_cxx_api.h
  HINTS ENV ONNXRUNTIME_INCLUDE_DIR
  PATH_SUFFIXES onnxruntime onnxruntime/core/session)
file(GLOB wheel_library ${PROJECT_SOURCE_DIR}/.deps/python/lib/python3*/site-packages/onnxruntime/capi/libonnxruntime.so.*)
cmake_path(GET wheel_library FILENAME wheel_name)
cmake_path(GET wheel_library PARENT_PATH wheel_folder)
find_library(ONNXRUNTIME_LIBRARY NAMES onnxruntime ${wheel_name} HINTS ${ONNXRUNTIME_INCLUDE_DIR}/../lib ${wheel_folder})

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OnnxRuntime
  REQUIRED_VARS ONNXRUNTIME_LIBRARY ONNXRUNTIME_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "the example onnxruntime_classify is left out: name the folder of onnxruntime_cxx_api.h in ONNXRUNTIME_INCLUDE_DIR")
if(OnnxRuntime_FOUND AND NOT TARGET OnnxRuntime::OnnxRuntime)
  add_library(OnnxRuntime::OnnxRuntime UNKNOWN IMPORTED)
  set_target_properties(OnnxRuntime::OnnxRuntime PROPERTIES
    IMPORTED_LOCATION ${ONNXRUNTIME_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${ONNXRUNTIME_INCLUDE_DIR})
endif()
mark_as_advanced(ONNXRUNTIME_LIBRARY)
