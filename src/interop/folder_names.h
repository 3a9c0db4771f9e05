#pragma once

/// What the files are called that other programs look for in a folder; those of every model folder are in checkpoint.
namespace albert::interop {

inline constexpr const char* kCardFile = "README.md";
inline constexpr const char* kOnnxFolder = "onnx";
inline constexpr const char* kOnnxFile = "onnx/model.onnx";
inline constexpr const char* kOnnxInt8File = "onnx/model_int8.onnx";
inline constexpr const char* kTorchExportFile = "model.pt2";
inline constexpr const char* kModulesFile = "modules.json";  ///< of sentence-transformers

}  // namespace albert::interop
