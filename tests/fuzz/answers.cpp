#include "answers.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/error.h"
#include "fuzz.h"
#include "input_file.h"
#include "tasks/score.h"
#include "tokenizers.h"

namespace albert::fuzz {

namespace {

using model::HeadKind;

std::size_t count_scores(const model::HeadConfig& head, const model::Item& item, std::int64_t vector_size) {
  const std::size_t length = item.sequences.front().token_ids.size();
  const auto num_labels = static_cast<std::size_t>(head.num_labels);
  switch (head.kind) {
    case HeadKind::kRegression:
      return 1;
    case HeadKind::kTokenClassification:
      return item.positions.size() * num_labels;
    case HeadKind::kQuestionAnswering:
      return 2 * length;
    case HeadKind::kJointQuestionAnswering: {
      const std::size_t num_ends =
          item.labels.empty() ? std::min(static_cast<std::size_t>(head.num_starts), length) : 1;
      return (1 + num_ends) * length + 1;
    }
    case HeadKind::kMultipleChoice:
      return item.sequences.size();
    case HeadKind::kEmbedding: {
      const std::size_t num_vectors = head.pooling == model::EmbeddingPooling::kNone ? length : item.sequences.size();
      return num_vectors * static_cast<std::size_t>(vector_size);
    }
    default:
      return num_labels;
  }
}

std::vector<std::string> labels_of(std::string_view recipe) {
  static const std::map<std::string_view, std::vector<std::string>> kLabels = {
      {"classification", {"positive", "negative"}},
      {"multilabel", {"joy", "anger", "fear"}},
      {"cola", {"0", "1"}},
      {"mrpc", {"0", "1"}},
      {"sst2", {"0", "1"}},
      {"qqp", {"0", "1"}},
      {"wnli", {"0", "1"}},
      {"qnli", {"entailment", "not_entailment"}},
      {"rte", {"entailment", "not_entailment"}},
      {"mnli", {"contradiction", "entailment", "neutral"}},
      {"ax", {"contradiction", "entailment", "neutral"}},
      {"conll", {"O", "B-PER", "I-PER", "B-LOC", "I-LOC"}},
      {"wnut17", {"O", "B-person", "I-person", "B-location"}},
      {"ud_pos", {"NOUN", "VERB", "PUNCT"}},
      {"semeval2010", {"Other", "Cause-Effect(e1,e2)", "Cause-Effect(e2,e1)"}}};
  const auto found = kLabels.find(recipe);
  return found == kLabels.end() ? std::vector<std::string>{} : found->second;
}

/// As training does: the labels and the parts are those of the file.
void train_on(const std::string& recipe, const std::shared_ptr<const text::Tokenizer>& tokenizer,
              const std::filesystem::path& data) {
  tasks::TaskConfig config = tasks::task_of_recipe(recipe);
  const auto task = tasks::make_task({.config = std::move(config), .labels = {}}, tokenizer);
  const tasks::DataFiles files = task->settle(data);
  task->read(files.training, tasks::Part::kTrain)->describe();
}

void evaluate_on(const tasks::Task& task, const std::filesystem::path& data) {
  const auto set = task.read(task.find(data, tasks::Part::kTest), tasks::Part::kTest, tasks::Texts::kKept);
  answer(*set, task.head());
  set->describe();
  if (!set->is_labelled()) return;
  set->judge();
  set->best_guess();
  set->findings();
  set->calibration(task.definition());
  if (const auto fitted = set->fitted()) set->judge(*fitted);
}

}  // namespace

std::vector<float> invented_scores(const model::HeadConfig& head, const model::Item& item, std::int64_t vector_size) {
  std::vector<float> scores(count_scores(head, item, vector_size));
  auto state = static_cast<std::uint32_t>(item.num_tokens());
  for (float& score : scores) {
    state = state * 1664525 + 1013904223;
    score = static_cast<float>(state >> 24) / 64 - 2;
  }
  return scores;
}

void answer(tasks::ItemSet& items, const model::HeadConfig& head) {
  constexpr std::int64_t kVectorSize = 4;
  for (std::size_t i = 0; i < items.num_items(); ++i) {
    items.take_scores(i, invented_scores(head, items.item(i), kVectorSize));
  }
}

std::unique_ptr<tasks::Task> make_task(std::string_view recipe, std::shared_ptr<const text::Tokenizer> tokenizer) {
  tasks::TaskConfig config = tasks::task_of_recipe(recipe);
  return tasks::make_task({.config = std::move(config), .labels = labels_of(recipe)}, std::move(tokenizer));
}

struct DataSetReader::Content {
  std::shared_ptr<const text::Tokenizer> tokenizer = letter_tokenizer();
  std::vector<std::string> recipes;
  std::vector<std::unique_ptr<tasks::Task>> opened = {};
  std::vector<std::filesystem::path> data = {};
  std::vector<InputFile> files = {};
};

DataSetReader::DataSetReader(std::vector<std::string> recipes, std::vector<DataFile> files)
    : content_(std::make_unique<Content>(Content{.recipes = std::move(recipes)})) {
  for (const std::string& recipe : content_->recipes) {
    content_->opened.push_back(make_task(recipe, content_->tokenizer));
  }
  for (DataFile& file : files) {
    content_->data.push_back(std::move(file.data));
    content_->files.emplace_back(std::move(file.file));
  }
}

DataSetReader::~DataSetReader() = default;

void DataSetReader::read(std::string_view input) {
  const std::size_t recipe = take_choice(input, content_->recipes.size());
  const std::size_t file = take_choice(input, content_->files.size());
  const bool trains = take_choice(input, 2) == 1;
  content_->files[file].write(input);
  if (trains) return train_on(content_->recipes[recipe], content_->tokenizer, content_->data[file]);
  evaluate_on(*content_->opened[recipe], content_->data[file]);
}

}  // namespace albert::fuzz
