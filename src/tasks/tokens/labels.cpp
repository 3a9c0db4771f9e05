#include "tasks/tokens/labels.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>

#include <spdlog/fmt/fmt.h>

#include "base/error.h"

namespace albert::tasks {

namespace {

bool is_of_scheme(const std::string& tag) {
  const bool has_letter = !tag.empty() && std::string_view("BIES").find(tag[0]) != std::string_view::npos;
  return tag == "O" || (has_letter && (tag.size() == 1 || tag[1] == '-'));
}

}  // namespace

void check_scheme(TagScoring scoring, const TaggedSentence& sentence) {
  if (scoring != TagScoring::kEntities) return;
  const auto found = std::ranges::find_if_not(sentence.tags, is_of_scheme);
  if (found == sentence.tags.end()) return;
  throw DataError(
      "{}: the tag '{}' is none of IOB1, BIO or BIOES: expected O, or B, I, E or S with a type behind it, as B-PER; "
      "correct the file, choose another column (task.tokens.tag_column), or judge the tags one by one with "
      "task.tokens.score: tags",
      place_of(sentence, static_cast<std::size_t>(found - sentence.tags.begin())).to_string(), *found);
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
