#include "tasks/tokens/labels.h"

#include <algorithm>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "config/fields.h"

namespace albert::tasks {

namespace {

/// The tag of words without pieces: as configured, else "O", else the first.
std::string settle_fallback(const TaskDefinition& definition) {
  const std::string& configured = definition.config.tokens.fallback_tag;
  if (!configured.empty()) return configured;
  const bool has_outside = std::ranges::count(definition.labels, "O") > 0;
  return has_outside || definition.labels.empty() ? "O" : definition.labels.front();
}

[[noreturn]] void refuse_tag(const std::string& tag, const Place& place, const std::vector<std::string>& labels) {
  constexpr std::size_t kMostShown = 20;
  const std::span<const std::string> shown(labels.data(), std::min(labels.size(), kMostShown));
  const std::string near = config::nearest(tag, labels);
  throw DataError(
      "{}: the tag '{}' is none of the {} that the model knows: '{}'{}{}. Correct the file, choose another column "
      "(task.tokens.tag_column), or before training name all tags in task.tokens.labels",
      place.to_string(), tag, labels.size(), fmt::join(shown, "', '"), labels.size() > kMostShown ? " ..." : "",
      near.empty() ? "" : fmt::format("; is it '{}'?", near));
}

}  // namespace

TokenLabels::TokenLabels(const TaskDefinition& definition)
    : labels_(definition.labels), fallback_(settle_fallback(definition)) {
  for (std::size_t i = 0; i < labels_.size(); ++i) classes_.emplace(labels_[i], i);
}

std::vector<std::size_t> TokenLabels::classes(const TaggedSentence& sentence) const {
  std::vector<std::size_t> classes;
  for (std::size_t word = 0; word < sentence.tags.size(); ++word) {
    const auto found = classes_.find(sentence.tags[word]);
    if (found == classes_.end()) refuse_tag(sentence.tags[word], place_of(sentence, word), labels_);
    classes.push_back(found->second);
  }
  return classes;
}

std::vector<std::string> TokenLabels::tags(std::span<const std::optional<SentenceSet::Choice>> choices) const {
  std::vector<std::string> tags;
  tags.reserve(choices.size());
  for (const auto& choice : choices) tags.push_back(choice ? labels_[choice->label] : fallback_);
  return tags;
}

TagInventory take_inventory(const std::vector<TaggedSentence>& sentences, TagScoring scoring, const std::string& file) {
  std::map<std::string, std::int64_t> counts;
  for (const TaggedSentence& sentence : sentences) {
    check_scheme(scoring, sentence);
    for (const std::string& tag : sentence.tags) ++counts[tag];
  }
  if (counts.size() < 2) {
    throw DataError("{}: expected at least two tags to choose from, found {}; see task.tokens.tag_column", file,
                    counts.empty() ? "none" : fmt::format("only '{}'", counts.begin()->first));
  }
  TagInventory inventory;
  for (const auto& [tag, count] : counts) inventory.tags.push_back(tag);
  inventory.most_frequent = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; })->first;
  return inventory;
}

}  // namespace albert::tasks
