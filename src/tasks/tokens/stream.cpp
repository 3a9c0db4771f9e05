#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/utf8.h"
#include "tasks/common/json_object.h"
#include "tasks/common/tab_columns.h"
#include "tasks/tokens/readers.h"
#include "tasks/tokens/tagged_lines.h"
#include "text/words.h"

namespace albert::tasks {

namespace {

/// What holds a plain text, whose words are those of TokenSettings::text_words; elsewhere they are apart by spaces.
constexpr const char* kTextName = "text";

/// Finds the words of a record.
class WordSource {
 public:
  explicit WordSource(const TokenSettings& settings)
      : names_({settings.format.words_name, "words", "tokens", kTextName}), text_words_(settings.text_words) {}

  /// Throws DataError if the header has none of the names.
  void read_header(std::string_view header) {
    table_ = TabColumns(header);
    const auto name = std::ranges::find_if(names_, [this](const std::string& n) { return table_.find(n).has_value(); });
    if (name == names_.end()) table_.refuse(fmt::format("a column named '{}'", fmt::join(names_, "' or '")));
    name_ = *name;
  }
  const std::vector<std::string>& columns() const { return table_.names(); }

  void read_text(std::string_view text, TaggedSentence& sentence) const;
  void read_row(std::string_view row, TaggedSentence& sentence) const;
  void read_object(std::string_view line, TaggedSentence& sentence) const;

 private:
  void read_member(std::string_view text, const std::string& name, TaggedSentence& sentence) const;

  std::vector<std::string> names_;  ///< of what may hold the words; the first that is there does
  TextWords text_words_;
  TabColumns table_;
  std::string name_;  ///< of the table's column
};

void WordSource::read_text(std::string_view text, TaggedSentence& sentence) const {
  for (PlacedWord& word : split_text(text, text_words_)) {
    sentence.words.push_back(std::move(word.text));
    sentence.places.push_back(word.place);
  }
}

void WordSource::read_row(std::string_view row, TaggedSentence& sentence) const {
  const std::string_view field = table_.split(row, sentence.place)[*table_.find(name_)];
  if (split_words(field).empty()) throw DataError("{}: the sentence has no word", sentence.place.to_string());
  read_member(field, name_, sentence);
}

void WordSource::read_object(std::string_view line, TaggedSentence& sentence) const {
  const nlohmann::json object = parse_json_object(line, sentence.place);
  for (const std::string& name : names_) {
    const auto found = object.find(name);
    if (found == object.end()) continue;
    if (found->is_string()) return read_member(found->get_ref<const std::string&>(), name, sentence);
    if (!found->is_array()) continue;
    sentence.words = words_of_list(*found, name, sentence.place);
    return;
  }
  throw DataError("{}: expected a list of words, or a text, in '{}'", sentence.place.to_string(),
                  fmt::join(names_, "' or '"));
}

void WordSource::read_member(std::string_view text, const std::string& name, TaggedSentence& sentence) const {
  if (name == kTextName) return read_text(text, sentence);
  const std::vector<std::string_view> words = split_words(text);
  sentence.words.assign(words.begin(), words.end());
}

}  // namespace

std::vector<PlacedWord> split_text(std::string_view text, TextWords words) {
  std::vector<PlacedWord> split;
  bool goes_on = false;
  std::size_t character = 0;
  for (std::size_t i = 0; i < text.size(); ++character) {
    if (const std::size_t space = text::white_space_at(text, i); space > 0) {
      goes_on = false;
      i += space;
      continue;
    }
    const std::size_t size = utf8_length(text[i]);
    if (!goes_on) split.push_back({.text = {}, .place = {.begin = character, .end = character}});
    split.back().text += text.substr(i, size);
    split.back().place.end = character + 1;
    goes_on = words == TextWords::kSpaced;
    i += size;
  }
  return split;
}

StreamReader<TaggedSentence> open_tag_stream(const TokenSettings& settings, RecordFormat format,
                                             std::string_view header) {
  WordSource source(settings);
  if (format == RecordFormat::kTsv) source.read_header(header);
  const auto parse = [source, format](std::string_view line, const Place& place) {
    TaggedSentence sentence{.place = place};
    switch (format) {
      case RecordFormat::kText:
        source.read_text(line, sentence);
        break;
      case RecordFormat::kTsv:
        source.read_row(line, sentence);
        break;
      default:
        source.read_object(line, sentence);
    }
    if (sentence.words.empty()) throw DataError("{}: there is no word in it", place.to_string());
    return sentence;
  };
  std::vector<std::string> members = {"tags", "probabilities"};
  if (settings.score == TagScoring::kEntities) members.emplace_back("entities");
  if (format == RecordFormat::kJsonl) return {.parse = parse, .answer_names = std::move(members)};
  return {.parse = parse,
          .columns = source.columns(),
          .num_columns = source.columns().size(),
          .answer_names = {kPredictionColumn}};
}

}  // namespace albert::tasks
