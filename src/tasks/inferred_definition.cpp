#include "tasks/inferred_definition.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace albert::tasks {

namespace {

using nlohmann::json;

constexpr std::string_view kSequenceClassification = "AlbertForSequenceClassification";
constexpr std::string_view kTokenClassification = "AlbertForTokenClassification";
constexpr std::string_view kQuestionAnswering = "AlbertForQuestionAnswering";
constexpr std::string_view kMultipleChoice = "AlbertForMultipleChoice";
constexpr std::string_view kNoHead = "AlbertModel";

constexpr std::string_view kSingleLabel = "single_label_classification";
constexpr std::string_view kMultiLabel = "multi_label_classification";
constexpr std::string_view kRegression = "regression";

// What examples/pytorch/question-answering/run_qa.py of Transformers has.
constexpr std::int64_t kQuestionSequenceLength = 384;
constexpr std::int64_t kQuestionLength = 64;

std::string text_of(const json& config, const char* key) {
  const auto found = config.find(key);
  return found != config.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string architecture_of(const json& config) {
  const auto found = config.find("architectures");
  if (found == config.end() || !found->is_array() || found->empty() || !found->front().is_string()) return "";
  return found->front().get<std::string>();
}

bool has_task_head(std::string_view architecture) {
  constexpr std::array kClasses = {kSequenceClassification, kTokenClassification, kQuestionAnswering, kMultipleChoice};
  return std::ranges::find(kClasses, architecture) != kClasses.end();
}

/// id2label as a list; empty if it is not there.
std::vector<std::string> written_labels(const json& config, std::string_view source) {
  const auto found = config.find("id2label");
  if (found == config.end() || found->is_null()) return {};
  std::vector<std::string> labels;
  for (std::size_t i = 0; found->is_object() && i < found->size(); ++i) {
    const auto label = found->find(std::to_string(i));
    if (label == found->end() || !label->is_string()) break;
    labels.push_back(label->get<std::string>());
  }
  if (labels.empty() || labels.size() != found->size()) {
    throw ModelError(R"({}: id2label: expected an object with a text for each of "0", "1" ..., found {})", source,
                     found->dump());
  }
  return labels;
}

/// Those of id2label, or what Transformers calls classes that were not named.
std::vector<std::string> labels_of(const json& config, std::string_view source) {
  std::vector<std::string> labels = written_labels(config, source);
  if (!labels.empty()) return labels;
  const auto found = config.find("num_labels");
  const int count = found != config.end() && found->is_number_integer() ? found->get<int>() : 2;
  for (int i = 0; i < count; ++i) labels.push_back(fmt::format("LABEL_{}", i));
  return labels;
}

TextOutput output_of(const json& config, std::size_t num_labels, std::string_view source,
                     std::vector<std::string>& assumed) {
  const std::string type = text_of(config, "problem_type");
  if (type == kRegression || (type.empty() && num_labels == 1)) {
    if (num_labels == 1) return TextOutput::kRegression;
    throw ModelError("{}: a regression to {} numbers; a text task here has one number a text", source, num_labels);
  }
  if (type == kMultiLabel) return TextOutput::kMultilabel;
  if (type != kSingleLabel && !type.empty()) {
    throw ModelError("{}: problem_type: expected {}, {} or {}, found \"{}\"", source, kSingleLabel, kMultiLabel,
                     kRegression, type);
  }
  if (type.empty()) assumed.emplace_back("one label a text, as problem_type is not said (task.text.output)");
  return TextOutput::kClassification;
}

void infer_text(const json& config, std::string_view source, StoredDefinition& stored) {
  TaskDefinition& definition = stored.definition;
  TextConfig& text = definition.config.text;
  definition.config.kind = TaskKind::kText;
  std::vector<std::string> labels = labels_of(config, source);
  text.output = output_of(config, labels.size(), source, stored.assumed);
  stored.assumed.emplace_back("single texts, not pairs (task.text.second_text)");
  stored.assumed.emplace_back("one's own files with the columns text and label (task.text.layout, .text, .label)");
  if (text.output == TextOutput::kRegression) return;
  if (text.output == TextOutput::kClassification && labels.size() == 2) {
    stored.assumed.push_back(fmt::format("'{}' is what f1, precision and recall are of (task.text.labels)", labels[1]));
  }
  definition.labels = std::move(labels);
}

/// Whether every tag is O or a type behind the letter of a scheme for spans.
bool are_entities(const std::vector<std::string>& tags) {
  return std::ranges::all_of(tags, [](const std::string& tag) {
    return tag == "O" ||
           (tag.size() > 2 && tag[1] == '-' && std::string_view("BIES").find(tag[0]) != std::string::npos);
  });
}

void infer_tokens(const json& config, std::string_view source, StoredDefinition& stored) {
  TaskDefinition& definition = stored.definition;
  TokenConfig& tokens = definition.config.tokens;
  definition.config.kind = TaskKind::kTokens;
  definition.labels = labels_of(config, source);
  tokens.score = are_entities(definition.labels) ? TagScoring::kEntities : TagScoring::kTags;
  tokens.stride = std::min(tokens.stride, std::max<std::int64_t>(1, definition.config.max_sequence_length / 2));
  stored.assumed.emplace_back("the first piece of a word has its tag");
  stored.assumed.emplace_back(tokens.score == TagScoring::kEntities
                                  ? "entities are judged (task.tokens.score)"
                                  : "each word's tag is judged, not entities (task.tokens.score)");
}

void infer_question(StoredDefinition& stored) {
  TaskConfig& config = stored.definition.config;
  config.kind = TaskKind::kQuestion;
  config.max_sequence_length = std::min(config.max_sequence_length, kQuestionSequenceLength);
  config.question.max_question_length = std::min(kQuestionLength, config.max_sequence_length / 4);
  config.question.stride = std::min(config.question.stride, config.max_sequence_length / 4);
  stored.assumed.emplace_back("every question has an answer (task.question.no_answer)");
  stored.assumed.push_back(
      fmt::format("windows of {} tokens a step of {} apart, questions of at most {} "
                  "(task.max_sequence_length, task.question.stride, .max_question_length)",
                  config.max_sequence_length, config.question.stride, config.question.max_question_length));
}

void infer_choice(StoredDefinition& stored) {
  stored.definition.config.kind = TaskKind::kMultipleChoice;
  stored.assumed.emplace_back("the context is the first text, the question with a choice the second");
}

std::string_view problem_type(TextOutput output) {
  switch (output) {
    case TextOutput::kClassification:
      return kSingleLabel;
    case TextOutput::kRegression:
      return kRegression;
    case TextOutput::kMultilabel:
      return kMultiLabel;
  }
  throw InternalError("no problem type for the output {}", static_cast<int>(output));
}

}  // namespace

TransformersHead transformers_head(const TaskConfig& config) {
  switch (config.kind) {
    case TaskKind::kText:
      return {kSequenceClassification, problem_type(config.text.kind_of_output())};
    case TaskKind::kRelation:
      if (config.relation.head == RelationHead::kFirstToken) return {kSequenceClassification, kSingleLabel};
      return {kNoHead};
    case TaskKind::kTokens:
      return {kTokenClassification};
    case TaskKind::kQuestion:
      return {config.question.joint_head ? kNoHead : kQuestionAnswering};
    case TaskKind::kMultipleChoice:
      return {kMultipleChoice};
    case TaskKind::kEmbedding:
      return {kNoHead};
  }
  throw InternalError("no head for tasks of kind {}", static_cast<int>(config.kind));
}

std::string describe_auto_class(const TaskConfig& config) {
  const std::string_view architecture = transformers_head(config).architecture;
  if (architecture == kNoHead) {
    return "Transformers has no Auto class for this head: it opens the checkpoints with AutoModel, without the head";
  }
  constexpr std::string_view kFamily = "Albert";
  return fmt::format("Transformers opens the checkpoints with AutoModel{}", architecture.substr(kFamily.size()));
}

bool tells_of_another_task(const json& config, const TaskDefinition& definition, std::string_view source) {
  const TransformersHead head = transformers_head(definition.config);
  const std::string architecture = architecture_of(config);
  if (!architecture.empty() && architecture != head.architecture) return true;
  const std::string type = text_of(config, "problem_type");
  if (!head.problem_type.empty() && !type.empty() && type != head.problem_type) return true;
  const std::vector<std::string> labels = written_labels(config, source);
  return !labels.empty() && !definition.labels.empty() && labels != definition.labels;
}

std::optional<StoredDefinition> infer_definition(const json& config, std::string_view source, std::int64_t max_length) {
  const std::string architecture = architecture_of(config);
  if (!has_task_head(architecture)) return std::nullopt;
  StoredDefinition stored;
  stored.definition.config.name = text_of(config, "finetuning_task");
  stored.definition.config.max_sequence_length = max_length;
  if (architecture == kSequenceClassification) {
    infer_text(config, source, stored);
  } else if (architecture == kTokenClassification) {
    infer_tokens(config, source, stored);
  } else if (architecture == kQuestionAnswering) {
    infer_question(stored);
  } else {
    infer_choice(stored);
  }
  return stored;
}

}  // namespace albert::tasks
