#include "tasks/tokens/task.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "tasks/common/parts.h"
#include "tasks/tokens/data_set.h"
#include "tasks/tokens/files.h"
#include "tasks/tokens/labels.h"
#include "tasks/tokens/tagged_reader.h"
#include "tasks/tokens/window.h"

namespace albert::tasks {

namespace {

namespace fs = std::filesystem;

/// The figures by which models may be compared, the usual one first.
std::vector<std::string> figures_of(const TokenConfig& config) {
  if (config.score == TagScoring::kTags) return {"accuracy", "macro_f1", "micro_f1", "matthews"};
  return {"f1", "precision", "recall", "macro_f1", "accuracy"};
}

std::vector<std::string> contents_of(const std::vector<TaggedSentence>& sentences) {
  std::vector<std::string> contents;
  contents.reserve(sentences.size());
  for (const auto& sentence : sentences) contents.push_back(fmt::format("{}", fmt::join(sentence.words, " ")));
  return contents;
}

}  // namespace

TokenTask::TokenTask(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer)
    : Task(std::move(definition)), tokenizer_(std::move(tokenizer)) {
  if (definition_.labels.empty()) definition_.labels = config().labels;
  const std::string& metric = definition_.config.metric;
  const std::vector<std::string> figures = figures_of(config());
  if (!metric.empty() && std::ranges::find(figures, metric) == figures.end()) {
    throw UsageError("task.metric: '{}' is no figure of this task; expected one of {}", metric,
                     fmt::join(figures, ", "));
  }
}

std::vector<fs::path> TokenTask::files_in(const fs::path& folder, Part part) const {
  const std::optional<fs::path> file = find_tagged_file(folder, part);
  return file ? std::vector{*file} : std::vector<fs::path>();
}

std::string TokenTask::expected_files(Part part) const {
  return expected_tagged_file(part);
}

void TokenTask::settle_labels(const std::vector<fs::path>& training_files) {
  std::string& fallback = definition_.config.tokens.fallback_tag;
  if (training_files.empty() || (!definition_.labels.empty() && !fallback.empty())) return;
  std::vector<TaggedSentence> sentences;
  for (const fs::path& file : training_files) {
    TaggedFile content = read_tagged(file, config().format, /*need_tags=*/true);
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

std::unique_ptr<DataSet> TokenTask::load(const Source& source) const {
  TaggedFile file = read_tagged(source.file, config().format, source.part == Part::kTrain);
  const std::size_t num_sentences = file.sentences.size();
  if (source.held_out > 0) keep_sentences(file, choose_share(contents_of(file.sentences), source));
  const std::size_t num_of_other_part = num_sentences - file.sentences.size();
  return std::make_unique<TokenDataSet>(definition_, std::move(file), tokenizer_, num_of_other_part);
}

std::unique_ptr<RecordWindow> TokenTask::open_window(RecordFormat format, std::string_view header,
                                                     std::string& out_header) const {
  auto window = std::make_unique<TokenWindow>(definition_, format, header, tokenizer_);
  out_header = window->out_header();
  return window;
}

}  // namespace albert::tasks
