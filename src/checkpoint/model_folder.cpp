#include "checkpoint/model_folder.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <ATen/ATen.h>

#include "base/atomic_file.h"
#include "base/atomic_folder.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "base/shown.h"
#include "checkpoint/bert_names.h"
#include "checkpoint/manifest.h"
#include "checkpoint/weight_names.h"
#include "text/tokenizer_files.h"

namespace albert::checkpoint {

namespace {

void warn_unless_finite(const fs::path& file, const std::string& name, const at::Tensor& tensor) {
  if (tensor.numel() == 0 || !tensor.is_floating_point()) return;
  const auto [least, largest] = at::aminmax(tensor.detach());  // NaN where one is
  if (std::isfinite(least.item<double>()) && std::isfinite(largest.item<double>())) return;
  log_warning(
      "{}: {} holds NaN or Inf, and so will what is computed with it: its training diverged, or the file is damaged; "
      "take an earlier checkpoint",
      file.string(), shortened(name));
}

bool is_of_head(const std::string& name) {
  return !name.starts_with("albert.");
}

/// Whether a parameter of the model may be missing in the file.
bool may_be_new(const std::string& name, Match match) {
  const std::string part = part_of(name);
  switch (match) {
    case Match::kExact:
    case Match::kTask:
      return false;
    case Match::kComplete:
      return part == "albert.pooler" || part == "sop_classifier";
    case Match::kEncoder:
    case Match::kFineTuning:
      break;
  }
  return part == "albert.pooler" || is_of_head(name);
}

/// Whether a tensor of the file may be left alone.
bool may_be_ignored(const std::string& name, Match match) {
  if (match == Match::kTask) return part_of(name) == "albert.pooler";
  return may_be_new(name, match);
}

/// Whether a tensor of the file is taken where the model has one of its name.
bool may_be_loaded(const std::string& name, Match match) {
  return match != Match::kFineTuning || !is_of_head(name);
}

/// Pairs the file's tensors with the parameters: fills the report, and returns what is wrong.
std::vector<std::string> match_names(const CanonicalWeights& weights, const NamedTensors& parameters, Match match,
                                     LoadReport& report) {
  std::vector<std::string> mistakes = weights.mistakes;
  std::set<std::string> known;
  for (const auto& [name, tensor] : parameters) {
    known.insert(name);
    const auto found = weights.tensors.find(name);
    if (found != weights.tensors.end() && may_be_loaded(name, match)) {
      const StoredTensor& stored = *found->second;
      if (tensor.sizes().vec() != stored.shape) {
        mistakes.push_back(
            fmt::format("{}: expected [{}], found {}", name, fmt::join(tensor.sizes(), ", "), stored.describe()));
      }
      if (stored.dtype != DType::kFloat32) report.converted.push_back(name);
      report.loaded.push_back(name);
    } else if (may_be_new(name, match)) {
      report.fresh.push_back(name);
    } else {
      mistakes.push_back(fmt::format("{}: missing; expected [{}]", name, fmt::join(tensor.sizes(), ", ")));
    }
  }
  for (const auto& [name, stored] : weights.tensors) {
    if (known.contains(name) && may_be_loaded(name, match)) continue;
    if (may_be_ignored(name, match)) {
      report.ignored.push_back(stored->name);
    } else {
      mistakes.push_back(
          fmt::format("{}: unexpected; the model has no such parameter; found {}", stored->name, stored->describe()));
    }
  }
  return mistakes;
}

/// A model that starts from noise where it was to start from a model must not go unseen.
void check_encoder(const fs::path& file, const CanonicalWeights& weights) {
  const auto is_of_encoder = [](const auto& entry) { return !is_of_head(entry.first); };
  if (std::ranges::any_of(weights.tensors, is_of_encoder)) return;
  throw ModelError("{}: expected the weights of an ALBERT encoder (albert.embeddings.*, albert.encoder.*), found {}",
                   file.string(),
                   weights.tensors.empty() ? "no tensor at all"
                                           : fmt::format("only others, such as {}", weights.tensors.begin()->first));
}

}  // namespace

NamedTensors stored_parameters(const ModelContents& model) {
  NamedTensors parameters = model.parameters;
  if (model.type == model::ModelType::kBert) {
    for (NamedTensor& parameter : parameters) parameter.name = to_bert_name(std::move(parameter.name));
  }
  return parameters;
}

void write_model_files(const fs::path& folder, const ModelContents& model) {
  write_file_atomically(folder / kConfigFile, model.config_json);
  write_tensors(folder / kModelFile, stored_parameters(model));
  model.tokenizer->save(folder, model.max_length);
}

void save_model(const fs::path& folder, const ModelContents& model) {
  AtomicFolder target(folder);
  write_model_files(target.temporary(), model);
  target.commit();
}

std::shared_ptr<const text::Tokenizer> open_tokenizer(const fs::path& folder) {
  try {
    for (const char* name : text::kTokenizerFiles) {
      verify_file(folder / name);
    }
  } catch (const ModelError& error) {
    throw ModelError(
        "{}; the words would get other ids than those that the model was trained on: put back the file of the "
        "checkpoint, or, if the change is meant, use a copy of the folder without {}",
        error.what(), kManifestFile);
  }
  return text::Tokenizer::open(folder);
}

void warn_unless_finite(const StoredWeights& stored) {
  for (const StoredTensor* tensor : stored.tensors())
    warn_unless_finite(stored.path(), tensor->name, to_tensor(*tensor));
}

bool has_part(const StoredWeights& stored, std::string_view part) {
  return std::ranges::any_of(canonical_weights(stored.tensors()).tensors,
                             [&](const auto& entry) { return part_of(entry.first) == part; });
}

LoadReport load_parameters(const fs::path& path, const NamedTensors& parameters, Match match) {
  return load_parameters(StoredWeights(path), parameters, match);
}

LoadReport load_parameters(const StoredWeights& stored, const NamedTensors& parameters, Match match) {
  for (const fs::path& file : stored.files()) warn_if_changed(file);
  const CanonicalWeights weights = canonical_weights(stored.tensors());
  check_encoder(stored.path(), weights);
  LoadReport report;
  report.file = stored.path();
  report.prefix = weights.prefix;
  report.remarks = stored.remarks();
  const std::vector<std::string> mistakes = match_names(weights, parameters, match, report);
  if (!mistakes.empty()) {
    throw ModelError("{} does not fit the model ({}):\n  {}", stored.path().string(),
                     counted(mistakes.size(), "mistake"), fmt::join(mistakes, "\n  "));
  }
  for (const auto& [name, tensor] : parameters) {
    const auto found = weights.tensors.find(name);
    if (found == weights.tensors.end() || !may_be_loaded(name, match)) continue;
    copy_into(*found->second, tensor);
    warn_unless_finite(stored.path(), name, tensor);
  }
  return report;
}

}  // namespace albert::checkpoint
