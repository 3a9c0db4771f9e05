#include "downstream/definition_json.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "config/json_fields.h"

namespace albert::downstream {

namespace {

using nlohmann::json;

/// Transformers' class for the head; null where it has none.
const char* architecture(model::HeadKind kind) {
  switch (kind) {
    case model::HeadKind::kClassification:
    case model::HeadKind::kRegression:
    case model::HeadKind::kMultilabel:
      return "AlbertForSequenceClassification";
    case model::HeadKind::kTokenClassification:
      return "AlbertForTokenClassification";
    case model::HeadKind::kQuestionAnswering:
      return "AlbertForQuestionAnswering";
    case model::HeadKind::kMultipleChoice:
      return "AlbertForMultipleChoice";
    case model::HeadKind::kJointQuestionAnswering:
    case model::HeadKind::kEntityPair:
    case model::HeadKind::kEmbedding:
      return "AlbertModel";
  }
  throw InternalError("no architecture for the head {}", static_cast<int>(kind));
}

/// How AlbertForSequenceClassification reads its labels; null for other heads.
const char* problem_type(model::HeadKind kind) {
  switch (kind) {
    case model::HeadKind::kClassification:
      return "single_label_classification";
    case model::HeadKind::kRegression:
      return "regression";
    case model::HeadKind::kMultilabel:
      return "multi_label_classification";
    default:
      return nullptr;
  }
}

json parse(std::string_view text, std::string_view source) {
  try {
    return json::parse(text);
  } catch (const json::parse_error& error) {
    throw ModelError("{}: not JSON at byte {}: {}", source, error.byte, error.what());
  }
}

TaskConfig read_config(const json& task, std::string_view source) {
  TaskConfig config;
  config::JsonReader reader(task);
  config.fields(reader);
  if (!reader.mistakes().empty()) {
    throw ModelError("{}: mistakes under albert_cpp.task:\n  {}", source, fmt::join(reader.mistakes(), "\n  "));
  }
  return config;
}

}  // namespace

std::string definition_to_json(const TaskDefinition& definition, const model::HeadConfig& head) {
  json object = {{"architectures", {architecture(head.kind)}}};
  if (const char* type = problem_type(head.kind)) object["problem_type"] = type;
  if (!definition.labels.empty()) {
    object["num_labels"] = definition.labels.size();
    for (std::size_t i = 0; i < definition.labels.size(); ++i) {
      object["id2label"][std::to_string(i)] = definition.labels[i];
      object["label2id"][definition.labels[i]] = i;
    }
  } else if (head.kind == model::HeadKind::kRegression) {
    object["num_labels"] = 1;
    object["id2label"]["0"] = "LABEL_0";
    object["label2id"]["LABEL_0"] = 0;
  }
  json& task = object["albert_cpp"]["task"] = json::object();
  TaskConfig config = definition.config;
  config::JsonWriter writer(task);
  config.fields(writer);
  task["labels"] = definition.labels;
  return object.dump();
}

std::optional<TaskDefinition> definition_from_json(std::string_view config_json, std::string_view source) {
  const json object = parse(config_json, source);
  const json::json_pointer place("/albert_cpp/task");
  if (!object.is_object() || !object.contains(place)) return std::nullopt;
  const json& task = object.at(place);
  TaskDefinition definition{read_config(task, source), {}};
  try {
    definition.labels = task.at("labels").get<std::vector<std::string>>();
  } catch (const json::exception& error) {
    throw ModelError("{}: albert_cpp.task.labels: expected a list of texts: {}", source, error.what());
  }
  return definition;
}

}  // namespace albert::downstream
