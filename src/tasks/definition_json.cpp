#include "tasks/definition_json.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json_problem.h"
#include "config/json_fields.h"
#include "tasks/inferred_definition.h"

namespace albert::tasks {

namespace {

using nlohmann::json;

json parse(std::string_view text, std::string_view source) {
  try {
    return json::parse(text);
  } catch (const json::exception& error) {
    throw ModelError("{}: not JSON: {}", source, json_problem(error));
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

TaskDefinition read_definition(const json& task, std::string_view source) {
  TaskDefinition definition{read_config(task, source), {}};
  try {
    definition.labels = task.at("labels").get<std::vector<std::string>>();
  } catch (const json::exception& error) {
    throw ModelError("{}: albert_cpp.task.labels: expected a list of texts: {}", source, json_problem(error));
  }
  return definition;
}

}  // namespace

std::string definition_to_json(const TaskDefinition& definition) {
  const TransformersHead head = transformers_head(definition.config);
  json object = {{"architectures", {head.architecture}}};
  if (!head.problem_type.empty()) object["problem_type"] = head.problem_type;
  if (!definition.labels.empty()) {
    object["num_labels"] = definition.labels.size();
    for (std::size_t i = 0; i < definition.labels.size(); ++i) {
      object["id2label"][std::to_string(i)] = definition.labels[i];
      object["label2id"][definition.labels[i]] = i;
    }
  } else if (head.problem_type == "regression") {
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

std::optional<StoredDefinition> definition_from_json(std::string_view config_json, std::string_view source,
                                                     std::int64_t max_length) {
  const json object = parse(config_json, source);
  const json::json_pointer place("/albert_cpp/task");
  if (!object.is_object() || !object.contains(place)) return infer_definition(object, source, max_length);
  TaskDefinition own = read_definition(object.at(place), source);
  if (!tells_of_another_task(object, own, source)) return StoredDefinition{std::move(own)};
  std::optional<StoredDefinition> other = infer_definition(object, source, max_length);
  if (other) other->assumed.insert(other->assumed.begin(), "albert_cpp.task is of an earlier fine-tuning");
  return other;
}

}  // namespace albert::tasks
