#include "interop/import.h"

#include <set>

#include <ATen/core/Tensor.h>

#include "base/atomic_folder.h"
#include "base/error.h"
#include "base/file.h"
#include "base/output.h"
#include "checkpoint/model_folder.h"
#include "interop/sentence_transformers.h"
#include "interop/source_model.h"
#include "interop/write_json.h"
#include "interop/written_folder.h"

namespace albert::interop {

namespace {

/// The names that the weights of a kind may have in a folder.
std::vector<std::string> names_of(WeightKind kind) {
  switch (kind) {
    case WeightKind::kSafetensors:
      return {checkpoint::kModelFile, checkpoint::kModelIndexFile};
    case WeightKind::kTorch:
      return {checkpoint::kTorchFile, checkpoint::kTorchIndexFile};
    case WeightKind::kTensorFlow:
    case WeightKind::kRecognised:
      break;
  }
  return {};
}

/// What is opened: the folder, or in it the weights of the kind that is asked for.
fs::path place_of(const ImportOptions& options) {
  if (options.kind == WeightKind::kRecognised || !fs::is_directory(options.from)) return options.from;
  for (const std::string& name : names_of(options.kind)) {
    if (is_there(options.from / name)) return options.from / name;
  }
  if (options.kind == WeightKind::kTensorFlow) {
    if (const auto index = checkpoint::find_tensorflow_index(options.from)) return *index;
  }
  throw UsageError("--kind: there are no weights of this kind in {}", options.from.string());
}

std::vector<std::string> tensors_without_place(const checkpoint::StoredWeights& stored, const SourceModel& source) {
  std::set<std::string> taken;
  for (const auto& parameter : source.contents.parameters) taken.insert(parameter.name);
  std::vector<std::string> left_out;
  for (const auto& [name, tensor] : checkpoint::canonical_weights(stored.tensors()).tensors) {
    if (!taken.contains(name)) left_out.push_back(fmt::format("{} {}", tensor->name, tensor->describe()));
  }
  return left_out;
}

std::string describe(const SourceModel& source) {
  const char* family = source.padded.config.model_type == model::ModelType::kBert ? "BERT" : "ALBERT";
  switch (source.padded.head) {
    case GraphHead::kMaskedWords:
      return fmt::format("{} with the head for masked words{}", family,
                         source.padded.has_sentence_order ? " and that for the order of sentences" : "");
    case GraphHead::kHiddenStates:
      return fmt::format("{} without a head", family);
    case GraphHead::kTask:
      break;
  }
  if (!source.task) return fmt::format("{} that makes vectors of texts", family);
  return fmt::format("{} with the head of {}", family, source.task->config.settings().transformers_head().architecture);
}

}  // namespace

ImportReport import_model(const ImportOptions& options) {
  const OutputFolder output{options.output, options.overwrite, "imported model",
                            [](const fs::path& folder) { return why_not_written(folder, {"import"}); }};
  output.check();
  const SourceModel source = open_source_model(place_of(options), ExportHead::kEverything, {});
  require_other_folder(options.output, source.folder.path);
  const auto sentence_settings = stored_sentence_settings(source.folder);
  ImportReport report{.weights = source.stored->path(), .model = describe(source)};
  report.left_out = tensors_without_place(*source.stored, source);
  report.remarks = source.stored->remarks();
  for (const auto& [name, tensor] : source.contents.parameters) report.num_parameters += tensor.numel();
  checkpoint::ModelContents contents = source.contents;
  contents.config_json = with_dtype(contents.config_json, "float32");
  AtomicFolder target(output);
  checkpoint::write_model_files(target.temporary(), contents);
  if (sentence_settings) write_sentence_transformers_files(target.temporary(), *sentence_settings);
  mark_as_written(target.temporary(), "import");
  target.commit();
  return report;
}

}  // namespace albert::interop
