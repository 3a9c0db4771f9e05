#include "downstream/task_settings.h"

#include <algorithm>
#include <cctype>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "config/configuration.h"

namespace albert::downstream {

namespace {

using Labels = std::vector<std::string>;

/// A definition's configuration under the key that it has in the files of `finetune`.
struct Settings {
  TaskConfig task;

  void fields(config::Fields& f) { f.group("task", task, "what is asked of a text"); }
  void check(config::Checks& c) const { task.check(c); }
};

/// The setting that names the labels; null for tasks without.
const Labels* label_setting(const TaskConfig& config) {
  switch (config.kind) {
    case TaskKind::kText:
      return &config.text.labels;
    case TaskKind::kTokens:
      return &config.tokens.labels;
    case TaskKind::kRelation:
      return &config.relation.labels;
    default:
      return nullptr;
  }
}

bool equal_but_for_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether they are what Transformers calls classes that were not named.
bool are_nameless(const Labels& labels) {
  return std::ranges::all_of(labels, [](const std::string& label) { return label.starts_with("LABEL_"); });
}

/// The labels of a task of GLUE in the order of Hugging Face's data sets, which is that of models without names.
Labels hugging_face_order(const datasets::GlueInfo& info) {
  const bool is_mnli = info.task == datasets::GlueTask::kMnli || info.task == datasets::GlueTask::kAx;
  return is_mnli ? Labels{"entailment", "neutral", "contradiction"} : info.labels;
}

/// What the files of a task of GLUE call the model's classes.
Labels glue_labels(const Labels& labels, const datasets::GlueInfo& info) {
  if (labels.size() != info.labels.size()) {
    throw UsageError("task.text.layout: {} has {} labels, but the model has {}: '{}'", info.name, info.labels.size(),
                     labels.size(), fmt::join(labels, "', '"));
  }
  Labels found;
  for (const std::string& label : labels) {
    const auto same =
        std::ranges::find_if(info.labels, [&](const auto& name) { return equal_but_for_case(name, label); });
    if (same != info.labels.end()) found.push_back(*same);
  }
  if (found.size() == labels.size()) return found;
  if (std::ranges::all_of(info.labels, is_number)) return info.labels;
  if (are_nameless(labels)) return hugging_face_order(info);
  throw UsageError(
      "task.text.layout: the labels of {} are '{}', but those of the model are '{}'; correct id2label in "
      "its config.json",
      info.name, fmt::join(info.labels, "', '"), fmt::join(labels, "', '"));
}

void rename(StoredDefinition& stored, const Labels& names, std::string_view key) {
  Labels& labels = stored.definition.labels;
  if (names.size() != labels.size()) {
    throw UsageError("{}: {} names for the {} classes of the model: '{}'", key, names.size(), labels.size(),
                     fmt::join(labels, "', '"));
  }
  if (names == labels) return;
  Labels pairs;
  for (std::size_t i = 0; i < names.size(); ++i) pairs.push_back(fmt::format("'{}' is '{}'", labels[i], names[i]));
  stored.assumed.push_back(fmt::format("of the model's labels {}", fmt::join(pairs, ", ")));
  labels = names;
}

/// Whether a clause of `assumed` is about a setting, which it names by its key, or behind another of the group by the
/// key's end. The layout says all of the files of a text task.
bool is_about(std::string_view clause, std::string_view key) {
  const std::size_t dot = key.rfind('.');
  const bool has_group = clause.find(key.substr(0, dot + 1)) != std::string_view::npos;
  const bool has_end = clause.find(fmt::format(" {},", key.substr(dot))) != std::string_view::npos ||
                       clause.find(fmt::format(" {})", key.substr(dot))) != std::string_view::npos;
  const bool has_key = clause.find(fmt::format("{},", key)) != std::string_view::npos ||
                       clause.find(fmt::format("{})", key)) != std::string_view::npos;
  return has_key || (has_group && (has_end || key == "task.text.layout"));
}

/// What is said by a setting is no longer assumed.
void drop_settled(Labels& assumed, const Labels& assignments) {
  for (const std::string& assignment : assignments) {
    const std::string_view key = std::string_view(assignment).substr(0, assignment.find('='));
    if (key.find('.') == std::string_view::npos) continue;
    std::erase_if(assumed, [key](const std::string& clause) { return is_about(clause, key); });
  }
}

}  // namespace

StoredDefinition with_settings(StoredDefinition stored, const std::vector<std::string>& assignments) {
  if (assignments.empty()) return stored;
  config::Configuration document;
  for (const std::string& assignment : assignments) document.add_assignment(assignment);
  const TaskConfig before = stored.definition.config;
  const TaskConfig after = document.read(Settings{before}).task;
  stored.definition.config = after;
  drop_settled(stored.assumed, assignments);
  if (const Labels* names = label_setting(after); names && !names->empty()) {
    const Labels* old = label_setting(before);
    if (!old || *old != *names) rename(stored, *names, "the labels of --set");
  }
  const auto glue = after.kind == TaskKind::kText ? after.text.glue : std::nullopt;
  if (glue && before.text.glue != after.text.glue && after.text.kind_of_output() == TextOutput::kClassification) {
    rename(stored, glue_labels(stored.definition.labels, datasets::glue_info(*glue)), "task.text.layout");
  }
  return stored;
}

}  // namespace albert::downstream
