#include "tasks/task.h"

#include <spdlog/fmt/fmt.h>

#include "base/error.h"
#include "base/file.h"
#include "tasks/choice/task.h"
#include "tasks/common/part_files.h"
#include "tasks/embedding/task.h"
#include "tasks/question/task.h"
#include "tasks/relation/task.h"
#include "tasks/text/task.h"
#include "tasks/tokens/task.h"

namespace albert::tasks {

namespace {

/// Of a file or a folder, however it is written.
std::string name_of(const fs::path& path) {
  const fs::path whole = fs::absolute(path).lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

}  // namespace

std::vector<fs::path> Task::find(const fs::path& data, Part part) const {
  if (is_single(data)) return {data};
  if (!fs::is_directory(data)) throw DataError("{}: there is no such file or folder", data.string());
  std::vector<fs::path> files = files_in(data, part);
  if (!files.empty()) return files;
  std::string hint;
  if (part == Part::kDevelopment) {
    std::vector<fs::path> training = files_in(data, Part::kTrain);
    if (!training.empty() && divides(training.front())) return training;
    if (!training.empty()) hint = "; where task.held_out is above 0, training keeps a share of its file for it";
    if (!files_in(data, Part::kTest).empty()) hint = "; the test data is read by `albert evaluate` with --part test";
  }
  throw DataError("{}: no {} data for {}: expected {}, found none{}", data.string(), name_of(part),
                  describe_model(definition_.config.kind), expected_files(part), hint);
}

std::vector<fs::path> Task::settle(const fs::path& data) {
  std::vector<fs::path> training = find(data, Part::kTrain);
  const bool has_development = !is_single(data) && !files_in(data, Part::kDevelopment).empty();
  TaskConfig& config = definition_.config;
  config.held_out_of = config.held_out > 0 && !has_development ? name_of(training.front()) : "";
  settle_labels(training);
  return training;
}

bool Task::divides(const fs::path& file) const {
  return name_of(file) == definition_.config.held_out_of;
}

std::unique_ptr<DataSet> Task::read(const fs::path& file, Part part) const {
  const bool is_whole = part == Part::kTest || !divides(file);
  return load({.file = file, .part = part, .held_out = is_whole ? 0 : definition_.config.held_out});
}

std::string Task::length_limit() const {
  return fmt::format("the {} tokens that the model reads", definition_.config.max_sequence_length);
}

bool Task::is_single(const fs::path& path) const {
  return fs::is_regular_file(path);
}

std::unique_ptr<Task> make_task(TaskDefinition definition, std::shared_ptr<const text::Tokenizer> tokenizer) {
  switch (definition.config.kind) {
    case TaskKind::kText:
      return std::make_unique<TextTask>(std::move(definition), std::move(tokenizer));
    case TaskKind::kTokens:
      return std::make_unique<TokenTask>(std::move(definition), std::move(tokenizer));
    case TaskKind::kQuestion:
      return std::make_unique<QuestionTask>(std::move(definition), std::move(tokenizer));
    case TaskKind::kMultipleChoice:
      return std::make_unique<ChoiceTask>(std::move(definition), std::move(tokenizer));
    case TaskKind::kRelation:
      return std::make_unique<RelationTask>(std::move(definition), std::move(tokenizer));
    case TaskKind::kEmbedding:
      return std::make_unique<EmbeddingTask>(std::move(definition), std::move(tokenizer));
  }
  throw InternalError("no task of kind {}", static_cast<int>(definition.config.kind));
}

}  // namespace albert::tasks
