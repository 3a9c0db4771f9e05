#include "interop/vocabulary_change.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/json.h"
#include "checkpoint/manifest.h"
#include "checkpoint/model_folder.h"
#include "interop/sentence_transformers.h"
#include "interop/write_json.h"
#include "interop/written_folder.h"

namespace albert::interop {

namespace {

using checkpoint::kWordEmbeddings;

constexpr std::array kTables = {kWordEmbeddings, "predictions.bias"};

bool is_table(const std::string& name) {
  return std::ranges::find(kTables, name) != kTables.end();
}

std::int64_t num_rows(const inference::ModelFolder& source, const text::VocabularyChange& change) {
  const auto needed = static_cast<std::int64_t>(change.rows.size());
  return change.keeps_ids ? std::max(needed, source.config.vocab_size) : needed;
}

/// A table of the new vocabulary.
/// \param before [V, ...]
at::Tensor changed_table(const at::Tensor& before, std::int64_t rows, const text::VocabularyChange& change) {
  std::vector<std::int64_t> shape = before.sizes().vec();
  shape[0] = rows;
  at::Tensor after = at::empty(shape, before.options());
  // Those behind the tokenizer's pieces stay where the table keeps its size.
  if (change.keeps_ids) after.narrow(0, 0, before.size(0)).copy_(before);
  const at::Tensor mean_of_all = before.narrow(0, 0, change.num_pieces_before).mean(0);
  for (std::size_t id = 0; id < change.rows.size(); ++id) {
    const std::vector<std::int32_t>& ids = change.rows[id];
    const at::Tensor row = after[static_cast<std::int64_t>(id)];
    if (ids.empty()) {
      row.copy_(mean_of_all);
    } else if (ids.size() == 1) {
      row.copy_(before[ids[0]]);
    } else {
      row.zero_();
      for (const std::int32_t old : ids) row.add_(before[old]);
      row.div_(static_cast<std::int64_t>(ids.size()));
    }
  }
  return after;
}

/// Throws unless the tables are there with a row for each piece.
void check_tables(const checkpoint::StoredWeights& stored, const checkpoint::CanonicalWeights& weights,
                  std::int64_t vocabulary_size) {
  std::vector<std::string> mistakes = weights.mistakes;
  for (const auto& [name, tensor] : weights.tensors) {
    if (!is_table(name) || (!tensor->shape.empty() && tensor->shape[0] == vocabulary_size)) continue;
    mistakes.push_back(
        fmt::format("{}: expected {} rows (vocab_size), found {}", tensor->name, vocabulary_size, tensor->describe()));
  }
  if (!weights.tensors.contains(kWordEmbeddings)) mistakes.push_back(fmt::format("{}: missing", kWordEmbeddings));
  if (mistakes.empty()) return;
  throw ModelError("{} does not fit {} beside it:\n  {}", stored.path().string(), checkpoint::kConfigFile,
                   fmt::join(mistakes, "\n  "));
}

std::string changed_config(const std::string& text, std::int64_t rows, const text::VocabularyChange& change) {
  auto config = read_ordered_json(text);
  config["vocab_size"] = rows;
  if (!change.keeps_ids) {
    const text::SpecialIds& special = change.tokenizer->special();
    config["pad_token_id"] = special.pad;
    config["bos_token_id"] = special.cls;
    config["eos_token_id"] = special.sep;
  }
  return with_dtype(dump_json(config), "float32");
}

}  // namespace

OutputFolder changed_model_output(const Output& output, std::string_view command) {
  const std::string own(command), other(command == kExtendCommand ? kReplaceCommand : kExtendCommand);
  OutputFolder folder{output.path, output.overwrite, "model with another vocabulary",
                      [own, other](const fs::path& there) {
                        return why_not_written(there, {own, other});
                      }};
  folder.check();
  return folder;
}

std::int64_t write_with_vocabulary(const fs::path& folder, const inference::ModelFolder& source,
                                   const text::VocabularyChange& change) {
  const auto sentence_settings = stored_sentence_settings(source);
  const auto stored = source.stored();
  for (const fs::path& file : stored->files()) checkpoint::warn_if_changed(file);
  checkpoint::warn_unless_finite(*stored);
  const checkpoint::CanonicalWeights weights = checkpoint::canonical_weights(stored->tensors());
  check_tables(*stored, weights, source.config.vocab_size);
  const std::int64_t rows = num_rows(source, change);
  checkpoint::ModelContents contents;
  for (const auto& [name, tensor] : weights.tensors) {
    at::Tensor value = checkpoint::to_tensor(*tensor);
    if (value.is_floating_point()) value = value.to(at::kFloat);
    contents.parameters.push_back({name, is_table(name) ? changed_table(value, rows, change) : value});
  }
  contents.config_json = changed_config(source.config_json, rows, change);
  contents.type = source.config.model_type;
  contents.tokenizer = change.tokenizer.get();
  contents.max_length = source.max_length;
  checkpoint::write_model_files(folder, contents);
  if (sentence_settings) write_sentence_transformers_files(folder, *sentence_settings);
  mark_as_written(folder, change.keeps_ids ? kExtendCommand : kReplaceCommand);
  return rows;
}

}  // namespace albert::interop
