#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "interop/int8_check.h"
#include "interop/model_card.h"
#include "interop/source_model.h"
#include "interop/verify.h"

namespace albert::interop {

enum class ExportFormat {
  kTransformers,          ///< model.safetensors
  kSentenceTransformers,  ///< that and modules.json with what it names
  kOnnx,                  ///< onnx/model.onnx
  kTorchExport,           ///< model.pt2
};

/// The numbers that weights are stored in.
enum class WeightPrecision { kFloat32, kFloat16, kBFloat16 };

struct ExportOptions {
  std::filesystem::path model;
  std::filesystem::path output;
  bool overwrite = false;
  std::vector<ExportFormat> formats;  ///< empty: all that there are for the model
  ExportHead head = ExportHead::kStored;
  std::optional<model::EmbeddingPooling> pooling;  ///< of kEmbedding
  WeightPrecision precision = WeightPrecision::kFloat32;
  std::int64_t max_shard_bytes = 0;  ///< of a file of safetensors; 0: one file holds all
  bool int8 = false;                 ///< onnx/model_int8.onnx beside the other
  bool avoids_saturation = false;    ///< for processors without VNNI, see quantize_rows()
  /// What int8 is compared with float32 on, files and folders with labels; empty: nothing.
  std::vector<std::filesystem::path> data;
  double max_loss = 1;  ///< by how many points of 100 int8 may be worse
  bool force = false;   ///< write int8 even if it is worse by more
  CardSettings card;
  bool verify = false;                ///< open the files in other runtimes, and compare
  std::optional<std::string> python;  ///< the interpreter that has them, see verify_export()
  std::filesystem::path texts;        ///< to verify with, one a line; empty: default_texts()
};

/// A file that was written, below the output.
struct ExportedFile {
  std::filesystem::path path;
  std::uintmax_t size_bytes = 0;
};

/// What was written, and how it does.
struct ExportReport {
  std::vector<ExportedFile> files;  ///< in the order of their names
  std::optional<Int8Check> int8;    ///< if data was given
  std::vector<Verification> verifications;
};

/// Writes a model folder for other programs: config.json, the tokenizer's files, README.md, and of each format what it
/// needs. The folder appears whole or not at all.
/// Throws UsageError for formats that do not suit the model or its precision; ModelError, also where int8 is worse than
/// it may be, and for weights that the precision cannot hold; DataError, IoError.
ExportReport export_model(const ExportOptions& options);

}  // namespace albert::interop
