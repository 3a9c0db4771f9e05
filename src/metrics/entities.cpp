#include "metrics/entities.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "metrics/match_table.h"

namespace albert::metrics {

namespace {

/// What a letter of another scheme is in BIOES.
char bioes_letter(char letter) {
  constexpr std::string_view kOthers = "LUMW", kBioes = "ESIS";
  const std::size_t other = kOthers.find(letter);
  return other == std::string_view::npos ? letter : kBioes[other];
}

/// "B-PER" in its parts. The letter of "O" and of an empty tag is 'O'.
struct Tag {
  char letter = 'O';
  std::string_view type;

  static Tag parse(std::string_view text) {
    if (text.empty()) return {};
    const std::string_view rest = text.substr(1);
    const std::string_view type = rest.substr(rest.find('-') + 1);  // all of it if there is no hyphen
    return {is_entity_tag(text) ? bioes_letter(text[0]) : text[0], type.empty() ? "_" : type};
  }
  bool outside() const { return letter == 'O' || letter == '.'; }  // "." as in conlleval
};

bool one_of(char letter, std::string_view letters) {
  return letters.find(letter) != std::string_view::npos;
}

// The two rules of conlleval.pl, which seqeval/metrics/sequence_labeling.py repeats. They are not each other's
// complement: "I-PER I-LOC" both ends an entity and begins one, and after "E-PER" a new one begins with any letter.

bool ends_between(const Tag& before, const Tag& after) {
  if (one_of(before.letter, "ES")) return true;
  if (one_of(before.letter, "BI") && one_of(after.letter, "BSO")) return true;
  return !before.outside() && before.type != after.type;
}

bool begins_between(const Tag& before, const Tag& after) {
  if (one_of(after.letter, "BS")) return true;
  if (one_of(before.letter, "ESO") && one_of(after.letter, "EI")) return true;
  return !after.outside() && before.type != after.type;
}

}  // namespace

bool is_entity_tag(std::string_view tag) {
  if (tag == "O") return true;
  return !tag.empty() && one_of(bioes_letter(tag[0]), "BIES") && (tag.size() == 1 || tag[1] == '-');
}

std::string_view entity_type(std::string_view tag) {
  const Tag parsed = Tag::parse(tag);
  return parsed.outside() ? std::string_view() : parsed.type;
}

std::vector<Entity> find_entities(std::span<const std::string> tags) {
  std::vector<Entity> entities;
  std::size_t begin = 0;
  Tag before;
  for (std::size_t i = 0; i <= tags.size(); ++i) {
    const Tag tag = i < tags.size() ? Tag::parse(tags[i]) : Tag::parse("O");
    if (ends_between(before, tag)) entities.push_back({std::string(before.type), begin, i});
    if (begins_between(before, tag)) begin = i;
    before = tag;
  }
  return entities;
}

void EntityCounts::add(std::span<const std::string> gold, std::span<const std::string> predicted) {
  if (gold.size() != predicted.size()) {
    throw InternalError("{} gold and {} predicted tags of a sentence", gold.size(), predicted.size());
  }
  for (std::size_t i = 0; i < gold.size(); ++i) {
    num_correct_words_ += !gold[i].empty() && gold[i] == predicted[i];
    num_words_ += !gold[i].empty();
  }

  std::vector<Entity> right = find_entities(gold);
  std::vector<Entity> found = find_entities(predicted);
  std::sort(right.begin(), right.end());
  std::sort(found.begin(), found.end());
  std::vector<Entity> both;
  std::set_intersection(right.begin(), right.end(), found.begin(), found.end(), std::back_inserter(both));
  for (const Entity& entity : right) ++types_[entity.type].gold;
  for (const Entity& entity : found) ++types_[entity.type].predicted;
  for (const Entity& entity : both) ++types_[entity.type].correct;
}

MatchCounts EntityCounts::total() const {
  MatchCounts sum;
  for (const auto& [type, counts] : types_) sum += counts;
  return sum;
}

Report judge_entities(const EntityCounts& counts) {
  std::vector<NamedCounts> types;
  Mean f1;
  for (const auto& [type, type_counts] : counts.types()) {
    types.push_back({type, type_counts});
    f1.add(scores_of(type_counts).f1);
  }
  Report report{
      .table = match_table(types, "type"),
      .json = nlohmann::ordered_json{{"types", nlohmann::ordered_json::parse(match_json(types, "type"))}}.dump()};
  if (counts.num_words() == 0) return report;
  const MatchScores micro = scores_of(counts.total());
  report.figures = {
      {"precision", micro.precision},
      {"recall", micro.recall},
      {"f1", micro.f1},
      {"macro_f1", f1.value().value_or(0)},
      {"accuracy", static_cast<double>(counts.num_correct_words()) / static_cast<double>(counts.num_words())}};
  return report;
}

}  // namespace albert::metrics
