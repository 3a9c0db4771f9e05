#include "tasks/relation/findings.h"

#include <algorithm>

namespace albert::tasks {

namespace {

/// The class of a label, which becomes the last one where it is new.
std::size_t class_of(const std::string& label, std::vector<std::string>& labels) {
  const auto found = std::ranges::find(labels, label);
  const auto place = static_cast<std::size_t>(found - labels.begin());
  if (found == labels.end()) labels.push_back(label);
  return place;
}

/// With both entities marked; of two that overlap the one that begins first.
ShownText with_entities(const RelationRecord& record) {
  ShownText shown{record.text, {{record.first.begin, record.first.end, "e1"}}};
  const ShownText::Mark second{record.second.begin, record.second.end, "e2"};
  const bool is_before = second.begin < record.first.begin;
  const bool overlaps = is_before ? second.end > record.first.begin : second.begin < record.first.end;
  if (overlaps && is_before) shown.marks.clear();
  if (!overlaps || is_before) shown.marks.insert(is_before ? shown.marks.begin() : shown.marks.end(), second);
  return shown;
}

}  // namespace

ClassFindings find_in_relations(const RelationFile& file, std::span<const LabelAnswer> answers,
                                std::vector<std::string> labels) {
  ClassFindings findings{.labels = std::move(labels), .examples = {}};
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const RelationRecord& record = file.records[i];
    findings.examples.push_back({.place = record.place,
                                 .texts = {with_entities(record)},
                                 .gold = class_of(record.label.value(), findings.labels),
                                 .predicted = answers[i].classes.front(),
                                 .probabilities = answers[i].probabilities});
  }
  return findings;
}

}  // namespace albert::tasks
