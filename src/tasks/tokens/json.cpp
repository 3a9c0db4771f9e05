#include "base/json.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/shown.h"
#include "tasks/common/json_object.h"
#include "tasks/common/json_records.h"
#include "tasks/tokens/tagged_lines.h"

namespace albert::tasks {

namespace {

using nlohmann::json;
using Names = std::vector<std::string>;

Names names_for_tags(const TagFormat& format) {
  if (format.tags_name != kDefaultTagsName) return {format.tags_name};
  return {kDefaultTagsName, "labels", "tags", "ner_tags", "pos_tags", "chunk_tags", "ner", "pos", "upos", "xpos"};
}

/// A list, or a text with spaces between what would be in it.
bool holds_words(const json& object, const std::string& name) {
  const auto found = object.find(name);
  return found != object.end() && (found->is_array() || found->is_string());
}

class ObjectsParser {
 public:
  ObjectsParser(const TagFormat& format, bool need_tags) : format_(format), need_tags_(need_tags) {
    file_.layout = TagLayout::kJson;
  }

  void add(std::string_view text, const Place& place) {
    const json object = parse_json_object(text, place);
    if (file_.records.empty()) settle_names(object, place);
    TaggedSentence sentence{.place = place, .words = need_list(object, words_name_, place)};
    if (sentence.words.empty()) throw DataError("{}: the sentence has no word", place.to_string());
    if (!tags_name_.empty()) sentence.tags = tags_of(object, place);
    if (!tags_name_.empty() && sentence.tags.size() != sentence.words.size()) {
      throw DataError("{}: expected a tag for each of the {} words, found {} tags in '{}'", place.to_string(),
                      sentence.words.size(), sentence.tags.size(), tags_name_);
    }
    sentence.lines.assign(sentence.words.size(), file_.lines.size());
    file_.lines.emplace_back(text);
    file_.records.push_back(std::move(sentence));
  }

  TaggedFile finish() { return std::move(file_); }

 private:
  /// The first object says for all which members hold words and tags.
  void settle_names(const json& object, const Place& place) {
    const Names words = {format_.words_name, "words", "tokens"};
    const auto found = std::ranges::find_if(words, [&](const auto& name) { return holds_words(object, name); });
    if (found == words.end()) {
      throw DataError("{}: expected a list of words in {}, found the members {}{}", place.to_string(), listed(words),
                      listed(member_names(object)), advice(format_.settings, "; see {}words_name"));
    }
    words_name_ = *found;
    if (format_.tags_name.empty()) return;
    Names tags;
    std::ranges::copy_if(names_for_tags(format_), std::back_inserter(tags),
                         [&](const auto& name) { return holds_words(object, name); });
    if (tags.size() > 1) {
      throw DataError("{}: the tags may be in {}{}", place.to_string(), listed(tags),
                      advice(format_.settings, "; set {}tags_name to the one that is meant"));
    }
    if (!tags.empty()) tags_name_ = tags.front();
    if (need_tags_ && tags.empty()) {
      throw DataError("{}: expected a list of tags in {}, found the members {}{}", place.to_string(),
                      listed(names_for_tags(format_)), listed(member_names(object)),
                      advice(format_.settings, "; see {}tags_name"));
    }
  }

  static Names need_list(const json& object, const std::string& name, const Place& place) {
    if (!holds_words(object, name)) {
      throw DataError("{}: expected a list in '{}' as in the objects before, found {}", place.to_string(), name,
                      object.contains(name) ? short_json(object[name]) : "no such member");
    }
    const json& value = object[name];
    if (value.is_array()) return words_of_list(value, name, place);
    const std::vector<std::string_view> words = split_words(value.get_ref<const std::string&>());
    return {words.begin(), words.end()};
  }

  Names tags_of(const json& object, const Place& place) const {
    const bool are_numbers = holds_words(object, tags_name_) && object[tags_name_].is_array() &&
                             std::ranges::any_of(object[tags_name_], [](const json& tag) { return tag.is_number(); });
    if (!are_numbers) return need_list(object, tags_name_, place);
    Names tags;
    for (const json& tag : object[tags_name_]) tags.push_back(tag_of_number(tag, place));
    return tags;
  }

  std::string tag_of_number(const json& number, const Place& place) const {
    const Names& tags = format_.tags_by_number;
    if (tags.empty()) {
      throw DataError("{}: the tags in '{}' are numbers, and what they stand for is not said{}", place.to_string(),
                      tags_name_,
                      advice(format_.settings, "; name the tags in their order from 0: {}labels=[O,B-PER]"));
    }
    const auto whole = whole_json_number(number);
    if (whole && *whole >= 0 && std::cmp_less(*whole, tags.size())) return tags[static_cast<std::size_t>(*whole)];
    throw DataError("{}: expected the number of a tag from 0 to {} in '{}', found {}", place.to_string(),
                    tags.size() - 1, tags_name_, short_json(number));
  }

  const TagFormat& format_;
  bool need_tags_;
  std::string words_name_;
  std::string tags_name_;  ///< empty: the file has no tags
  TaggedFile file_;
};

}  // namespace

std::vector<std::string> words_of_list(const json& list, const std::string& name, const Place& place) {
  std::vector<std::string> words;
  for (const json& word : list) {
    if (!word.is_string() || word.get_ref<const std::string&>().empty()) {
      throw DataError("{}: expected a list of words in '{}', found {} in it", place.to_string(), name,
                      short_json(word));
    }
    words.push_back(word.get<std::string>());
  }
  return words;
}

TaggedFile parse_tag_json(std::string_view content, const TagFormat& format, bool need_tags, const std::string& file) {
  ObjectsParser parser(format, need_tags);
  JsonRecords records(content, file);
  for (std::string_view record; records.next(record);) parser.add(record, records.place());
  TaggedFile result = parser.finish();
  if (result.records.empty()) throw DataError("{}: there is no sentence in the file", file);
  return result;
}

}  // namespace albert::tasks
