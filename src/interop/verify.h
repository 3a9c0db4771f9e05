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

/// A file that holds a model, and that was opened in no runtime.
struct UnverifiedFile {
  std::string file;
  std::string reason;
  bool has_runtimes = true;  ///< that could open it, if they were installed
};

/// What was compared of a folder, and what was not.
struct VerifiedExport {
  std::vector<Verification> compared;
  std::vector<UnverifiedFile> not_compared;
};

/// Opens the files of an exported folder in every runtime that there is for them, and compares: .pt2 in the LibTorch
/// of this program; all files in those that a Python interpreter imports of onnxruntime, openvino, torch, transformers
/// and sentence_transformers.
/// \param python the interpreter: a name or a path; nothing: python3, if there is one
/// \param texts at least three
/// Throws UsageError if the interpreter fails; ModelError if a runtime refuses a file, or gives outputs of another shape
/// or such that are no finite numbers.
VerifiedExport verify_export(const std::filesystem::path& folder, const SourceModel& source,
                             const std::vector<std::string>& texts, const std::optional<std::string>& python);

/// Sentences of several languages and lengths.
std::vector<std::string> default_texts();

}  // namespace albert::interop
