#include "downstream/token/task.h"

#include <algorithm>
#include <iterator>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "datasets/token/tagged_reader.h"
#include "downstream/token/data_set.h"
#include "downstream/token/files.h"
#include "downstream/token/labels.h"
#include "downstream/token/window.h"

namespace albert::downstream {

namespace {

namespace fs = std::filesystem;

/// The figures by which models may be compared, the usual one first.
std::vector<std::string> figures_of(const TokenConfig& config) {
  if (config.score == datasets::TagScoring::kTags) return {"accuracy", "macro_f1", "micro_f1", "matthews"};
  return {"f1", "precision", "recall", "macro_f1", "accuracy"};
}

}  // namespace

TokenTask::TokenTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer)
    : Downstream(std::move(definition)), tokenizer_(std::move(tokenizer)) {
  if (definition_.labels.empty()) definition_.labels = config().labels;
  const std::string& metric = definition_.config.metric;
  const std::vector<std::string> figures = figures_of(config());
  if (!metric.empty() && std::ranges::find(figures, metric) == figures.end()) {
    throw UsageError("task.metric: '{}' is no figure of this task; expected one of {}", metric,
                     fmt::join(figures, ", "));
  }
}

std::vector<fs::path> TokenTask::find(const fs::path& path, Part part) const {
  if (fs::is_regular_file(path)) return {path};
  if (!fs::is_directory(path)) throw DataError("{}: there is no such file or folder", path.string());
  return {find_tagged_file(path, part)};
}

void TokenTask::settle_labels(const std::vector<fs::path>& training_files) {
  std::string& fallback = definition_.config.tokens.fallback_tag;
  if (training_files.empty() || (!definition_.labels.empty() && !fallback.empty())) return;
  std::vector<datasets::TaggedSentence> sentences;
  for (const fs::path& file : training_files) {
    datasets::TaggedFile content = datasets::read_tagged(file, config().format, /*need_tags=*/true);
    std::ranges::move(content.sentences, std::back_inserter(sentences));
  }
  const TagInventory inventory = take_inventory(sentences, config().score, training_files.front().string());
  if (definition_.labels.empty()) definition_.labels = inventory.tags;
  if (fallback.empty()) fallback = inventory.most_frequent;
}

model::HeadConfig TokenTask::head() const {
  return {.kind = model::HeadKind::kTokenClassification,
          .num_labels = static_cast<std::int64_t>(definition_.labels.size())};
}

std::string TokenTask::metric() const {
  return definition_.config.metric.empty() ? figures_of(config()).front() : definition_.config.metric;
}

std::unique_ptr<DataSet> TokenTask::read(const fs::path& file, Part part) const {
  return std::make_unique<TokenDataSet>(definition_, datasets::read_tagged(file, config().format, part == Part::kTrain),
                                        tokenizer_);
}

std::unique_ptr<RecordWindow> TokenTask::open_window(RecordFormat format, std::string_view header,
                                                     std::string& out_header) const {
  auto window = std::make_unique<TokenWindow>(definition_, format, header, tokenizer_);
  out_header = window->out_header();
  return window;
}

}  // namespace albert::downstream
