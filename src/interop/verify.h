#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "interop/source_model.h"

namespace albert::interop {

/// How what a runtime made of an exported file differs from what this program makes of the same texts.
struct Verification {
  std::string file;       ///< "onnx/model.onnx"
  std::string runtime;    ///< "onnxruntime 1.22.0"
  double difference = 0;  ///< the largest, of all outputs
  double largest = 0;     ///< absolute value that was expected
};

/// A file that holds a model, and that no verification is of.
struct UnverifiedFile {
  std::string file;
  std::string reason;
};

std::vector<UnverifiedFile> unverified_files(const std::filesystem::path& folder, const SourceModel& source,
                                             const std::vector<Verification>& verifications);

/// Opens the files of an exported folder in every runtime that there is for them, and compares: .pt2 in the LibTorch
/// of this program; all files in those that a Python interpreter imports of onnxruntime, openvino, torch, transformers
/// and sentence_transformers.
/// \param python the interpreter: a name or a path; nothing: python3, if there is one
/// \param texts at least three
/// Throws UsageError if no runtime was found for any file; ModelError if one refuses a file, or gives outputs of
/// another shape or such that are no finite numbers.
std::vector<Verification> verify_export(const std::filesystem::path& folder, const SourceModel& source,
                                        const std::vector<std::string>& texts,
                                        const std::optional<std::string>& python);

/// Sentences of several languages and lengths.
std::vector<std::string> default_texts();

}  // namespace albert::interop
