#include "tasks/tokens/labels.h"

#include <algorithm>
#include <cstdint>
#include <map>

#include <spdlog/fmt/fmt.h>

#include "base/error.h"
#include "base/log.h"
#include "base/shown.h"
#include "metrics/entities.h"
#include "tasks/common/written_label.h"

namespace albert::tasks {

namespace {

/// Warns of a tag that only words # have: comments that were read as words.
/// \param counts of each tag
void warn_of_comments(const std::vector<TaggedSentence>& sentences, const std::map<std::string, std::int64_t>& counts) {
  std::map<std::string, std::int64_t> of_number_signs;
  for (const TaggedSentence& sentence : sentences) {
    for (std::size_t word = 0; word < sentence.tags.size(); ++word) {
      if (sentence.words[word] == "#") ++of_number_signs[sentence.tags[word]];
    }
  }
  for (const auto& [tag, count] : of_number_signs) {
    if (tag.empty() || counts.at(tag) != count) continue;
    log_warning(
        "the tag '{}' is of words # alone; if lines that begin with # are comments, set task.tokens.comments: true",
        shortened(tag));
  }
}

}  // namespace

void check_scheme(TagScoring scoring, const TaggedSentence& sentence) {
  if (scoring != TagScoring::kEntities) return;
  const auto found = std::ranges::find_if_not(
      sentence.tags, [](const std::string& tag) { return tag.empty() || metrics::is_entity_tag(tag); });
  if (found == sentence.tags.end()) return;
  const auto word = static_cast<std::size_t>(found - sentence.tags.begin());
  throw DataError(
      "{}: the tag '{}' is none of IOB1, BIO, BIOES, BILOU or BMES: expected O, or B, I, E, S or another letter of "
      "these with a type behind it, as B-PER; correct the file, choose another column (task.tokens.tag_column){}, or "
      "judge the tags one by one with task.tokens.score: tags",
      place_of(sentence, word).to_string(), shortened(*found),
      sentence.words[word].starts_with('#') ? ", read lines that begin with # as comments (task.tokens.comments)" : "");
}

std::string fallback_tag(const TaskDefinition& definition) {
  const std::string& configured = definition.config.as<TokenSettings>().fallback_tag;
  if (!configured.empty()) return configured;
  const bool has_outside = std::ranges::count(definition.labels, "O") > 0;
  return has_outside || definition.labels.empty() ? "O" : definition.labels.front();
}

TagInventory take_inventory(const std::vector<TaggedSentence>& sentences, TagScoring scoring, const std::string& file) {
  std::map<std::string, std::int64_t> counts;
  for (const TaggedSentence& sentence : sentences) {
    check_scheme(scoring, sentence);
    for (std::size_t word = 0; word < sentence.tags.size(); ++word) {
      const std::string& tag = sentence.tags[word];
      if (!tag.empty() && ++counts[tag] == 1) check_written_label(tag, place_of(sentence, word).to_string());
    }
  }
  if (counts.size() < 2) {
    throw DataError("{}: expected at least two tags to choose from, found {}; see task.tokens.tag_column", file,
                    counts.empty() ? "none" : fmt::format("only '{}'", shortened(counts.begin()->first)));
  }
  warn_of_comments(sentences, counts);
  TagInventory inventory;
  for (const auto& [tag, count] : counts) inventory.tags.push_back(tag);
  inventory.most_frequent = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; })->first;
  return inventory;
}

}  // namespace albert::tasks
