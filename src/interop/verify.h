#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "interop/source_model.h"

namespace albert::interop {

/// How what a runtime made of an exported file differs from what this program makes of the same texts.
struct Verification {
  std::string file;       ///< "onnx/model.onnx"
  std::string runtime;    ///< "ONNX Runtime 1.32.0"
  double difference = 0;  ///< the largest, of all outputs
  double largest = 0;     ///< absolute value that was expected
};

/// The files of an exported folder that hold a model, and that no verification is of.
std::vector<std::string> unverified_files(const std::filesystem::path& folder,
                                          const std::vector<Verification>& verifications);

/// Opens the files of an exported folder in every runtime that there is for them, and compares: .pt2 in the LibTorch
/// of this program; all files in those that a Python interpreter imports of onnxruntime, openvino, torch and
/// transformers.
/// \param python the interpreter: a name or a path
/// \param texts at least three
/// Throws UsageError if no runtime was found for any file; ModelError if one refuses a file.
std::vector<Verification> verify_export(const std::filesystem::path& folder, const SourceModel& source,
                                        const std::vector<std::string>& texts, const std::string& python);

/// Sentences of several languages and lengths.
std::vector<std::string> default_texts();

}  // namespace albert::interop
