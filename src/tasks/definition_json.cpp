#include "tasks/definition_json.h"

#include <algorithm>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/json.h"
#include "base/shown.h"
#include "config/json_fields.h"
#include "tasks/registry.h"

namespace albert::tasks {

namespace {

using nlohmann::json;

json parse(std::string_view text, std::string_view source) {
  try {
    return read_json(text);
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
    const json& labels = json_member(task, "labels", "albert_cpp.task");
    definition.labels = json_value<std::vector<std::string>>(labels, "albert_cpp.task.labels");
  } catch (const json::exception& error) {
    throw ModelError("{}: {}", source, json_problem(error));
  }
  return definition;
}

std::string architecture_of(const json& config) {
  const auto found = config.find("architectures");
  if (found == config.end() || !found->is_array() || found->empty() || !found->front().is_string()) return "";
  const auto name = found->front().get<std::string>();
  constexpr std::string_view kBert = "Bert";  // whose classes have the same heads
  return name.starts_with(kBert) ? "Albert" + name.substr(kBert.size()) : name;
}

/// The name of a class. Transformers' scripts take what stands in a table, so that it may be a number or a truth value:
/// it is called what a file of JSON calls it, as in the data.
std::optional<std::string> name_of_label(const json& label) {
  if (label.is_string()) return label.get<std::string>();
  if (label.is_number() || label.is_boolean()) return label.dump();
  return std::nullopt;
}

/// The names of id2label as a list; empty if it is not there.
std::vector<std::string> written_labels(const json& config, std::string_view source) {
  const auto found = config.find("id2label");
  if (found == config.end() || found->is_null()) return {};
  std::vector<std::string> labels;
  std::set<std::string> names;
  for (std::size_t i = 0; found->is_object() && i < found->size(); ++i) {
    const auto label = found->find(std::to_string(i));
    if (label == found->end()) break;
    const std::optional<std::string> name = name_of_label(*label);
    if (!name) break;
    if (!names.insert(*name).second)
      throw ModelError("{}: id2label: two classes are called {}", source, in_quotes(*name));
    labels.push_back(*name);
  }
  if (labels.empty() || labels.size() != found->size()) {
    throw ModelError(R"({}: id2label: expected an object with a name for each of "0", "1" ..., found {})", source,
                     short_json(*found));
  }
  return labels;
}

/// What is taken for right where label2id gives one of the classes another number than id2label does.
std::optional<std::string> settle_numbers(const json& config, const std::vector<std::string>& labels) {
  const auto numbers = config.find("label2id");
  if (numbers == config.end() || !numbers->is_object()) return std::nullopt;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto number = numbers->find(labels[i]);
    if (number == numbers->end() || *number == i) continue;
    return fmt::format("{} is class {}, as id2label says and Transformers reads it, though label2id says {}",
                       in_quotes(labels[i]), i, short_json(*number));
  }
  return std::nullopt;
}

/// How many classes a file without names for them has.
std::int64_t written_count(const json& config, std::string_view source) {
  constexpr std::int64_t kDefault = 2;  // of Transformers
  constexpr std::int64_t kMost = 1'000'000;
  const auto found = config.find("num_labels");
  if (found == config.end() || found->is_null()) return kDefault;
  if (!found->is_number_integer() || *found < 1 || *found > kMost) {
    throw ModelError("{}: num_labels: expected a whole number from 1 to {}, found {}", source, kMost,
                     short_json(*found));
  }
  return found->get<std::int64_t>();
}

/// Whether a config.json describes another head, or other labels, than `definition`.
bool tells_of_another_task(const json& config, const TaskDefinition& definition, std::string_view source) {
  const TransformersHead head = definition.config.settings().transformers_head();
  const std::string architecture = architecture_of(config);
  if (!architecture.empty() && architecture != head.architecture) return true;
  const std::string type = text_of(config, "problem_type");
  if (!head.problem_type.empty() && !type.empty() && type != head.problem_type) return true;
  const std::vector<std::string> labels = written_labels(config, source);
  return !labels.empty() && !definition.labels.empty() && labels != definition.labels;
}

/// The task of a model that Transformers fine-tuned: nothing for a class that no kind takes.
std::optional<StoredDefinition> infer_definition(const json& config, std::string_view source, std::int64_t max_length) {
  const std::string architecture = architecture_of(config);
  if (architecture.empty()) return std::nullopt;
  const auto types = all_task_types();
  const auto type = std::ranges::find(types, std::string_view(architecture), &TaskType::transformers_class);
  if (type == types.end()) return std::nullopt;
  StoredDefinition stored{.definition = {.config = TaskConfig(**type)}};
  stored.definition.config.name = text_of(config, "finetuning_task");
  stored.definition.config.max_sequence_length = max_length;
  (*type)->infer(config, source, stored);
  if (auto numbers = settle_numbers(config, stored.definition.labels)) stored.assumed.push_back(std::move(*numbers));
  return stored;
}

}  // namespace

std::string text_of(const json& config, const char* key) {
  const auto found = config.find(key);
  return found != config.end() && found->is_string() ? found->get<std::string>() : "";
}

std::vector<std::string> labels_of(const json& config, std::string_view source) {
  std::vector<std::string> labels = written_labels(config, source);
  if (!labels.empty()) return labels;
  const std::int64_t count = written_count(config, source);
  for (std::int64_t i = 0; i < count; ++i) labels.push_back(fmt::format("LABEL_{}", i));
  return labels;
}

std::string describe_auto_class(const TaskConfig& config) {
  const std::string_view architecture = config.settings().transformers_head().architecture;
  if (architecture == kNoHead) {
    return "Transformers has no Auto class for this head: it opens the checkpoints with AutoModel, without the head";
  }
  constexpr std::string_view kFamily = "Albert";
  return fmt::format("Transformers opens the checkpoints with AutoModel{}", architecture.substr(kFamily.size()));
}

std::string definition_to_json(const TaskDefinition& definition) {
  const TransformersHead head = definition.config.settings().transformers_head();
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
