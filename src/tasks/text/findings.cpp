#include "tasks/text/findings.h"

#include "tasks/text/answers.h"
#include "tasks/text/labels.h"

namespace albert::tasks {

namespace {

ClassFindings find_classes(const TextLabels& gold, std::vector<std::string> labels, const TextFile& file,
                           std::span<const LabelAnswer> answers) {
  ClassFindings findings{.labels = std::move(labels), .examples = {}};
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const TextRecord& record = file.records[i];
    findings.examples.push_back({.place = record.place,
                                 .texts = shown_texts(record),
                                 .gold = static_cast<std::size_t>(gold.class_of(record).value()),
                                 .predicted = answers[i].classes.front(),
                                 .probabilities = answers[i].probabilities});
  }
  return findings;
}

LabelSetFindings find_label_sets(const TextLabels& gold, std::vector<std::string> labels, const TextFile& file,
                                 std::span<const LabelAnswer> answers) {
  LabelSetFindings findings{.labels = std::move(labels), .examples = {}};
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const TextRecord& record = file.records[i];
    std::vector<bool> predicted(findings.labels.size(), false);
    for (const std::size_t label : answers[i].classes) predicted[label] = true;
    findings.examples.push_back({.place = record.place,
                                 .texts = shown_texts(record),
                                 .gold = gold.marks(record),
                                 .predicted = std::move(predicted),
                                 .probabilities = answers[i].probabilities});
  }
  return findings;
}

NumberFindings find_numbers(const TextFile& file, std::span<const LabelAnswer> answers) {
  NumberFindings findings;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const TextRecord& record = file.records[i];
    findings.examples.push_back({.place = record.place,
                                 .texts = shown_texts(record),
                                 .gold = number_of(record),
                                 .predicted = answers[i].value});
  }
  return findings;
}

}  // namespace

std::vector<ShownText> shown_texts(const TextRecord& record) {
  std::vector<ShownText> texts = {{record.first}};
  if (record.second) texts.push_back({*record.second});
  return texts;
}

Findings find_in_texts(const TextSettings& settings, const std::vector<std::string>& labels, const TextFile& file,
                       std::span<const LabelAnswer> answers) {
  if (settings.kind_of_output() == TextOutput::kRegression) return find_numbers(file, answers);
  std::vector<std::string> all_labels = with_unseen_labels(labels, file.records, settings);
  const TextLabels gold(settings, all_labels);
  if (settings.kind_of_output() == TextOutput::kMultilabel)
    return find_label_sets(gold, std::move(all_labels), file, answers);
  return find_classes(gold, std::move(all_labels), file, answers);
}

}  // namespace albert::tasks
