#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "base/error.h"
#include "tasks/definition_json.h"
#include "tasks/text/settings.h"

namespace albert::tasks {

namespace {

constexpr std::string_view kSingleLabel = "single_label_classification";
constexpr std::string_view kMultiLabel = "multi_label_classification";
constexpr std::string_view kRegression = "regression";

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

TextOutput output_of(const nlohmann::json& config, std::size_t num_labels, std::string_view source,
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

}  // namespace

TransformersHead TextSettings::transformers_head() const {
  return {.architecture = "AlbertForSequenceClassification", .problem_type = problem_type(kind_of_output())};
}

void infer_text_settings(const nlohmann::json& config, std::string_view source, StoredDefinition& stored) {
  TaskDefinition& definition = stored.definition;
  auto& text = definition.config.as<TextSettings>();
  std::vector<std::string> labels = labels_of(config, source);
  text.output = output_of(config, labels.size(), source, stored.assumed);
  stored.assumed.emplace_back("single texts, not pairs (task.text.second_text)");
  stored.assumed.emplace_back("one's own files with the columns text and label (task.text.layout, .text, .label)");
  if (text.output == TextOutput::kRegression) return;
  if (text.output == TextOutput::kClassification && labels.size() == 2) {
    stored.assumed.push_back(fmt::format("'{}', the second class, is what f1, precision and recall are of", labels[1]));
  }
  definition.labels = std::move(labels);
}

}  // namespace albert::tasks
