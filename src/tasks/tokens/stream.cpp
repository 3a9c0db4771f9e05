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

  std::vector<std::string> of_text(std::string_view text) const { return split_text(text, text_words_); }
  std::vector<std::string> of_row(std::string_view row, const Place& place) const;
  std::vector<std::string> of_object(std::string_view line, const Place& place) const;

 private:
  std::vector<std::string> of_member(std::string_view text, const std::string& name) const;

  std::vector<std::string> names_;  ///< of what may hold the words; the first that is there does
  TextWords text_words_;
  TabColumns table_;
  std::string name_;  ///< of the table's column
};

std::vector<std::string> WordSource::of_row(std::string_view row, const Place& place) const {
  const std::string_view field = table_.split(row, place)[*table_.find(name_)];
  if (split_words(field).empty()) throw DataError("{}: the sentence has no word", place.to_string());
  return of_member(field, name_);
}

std::vector<std::string> WordSource::of_object(std::string_view line, const Place& place) const {
  const nlohmann::json object = parse_json_object(line, place);
  for (const std::string& name : names_) {
    const auto found = object.find(name);
    if (found == object.end()) continue;
    if (found->is_array()) return words_of_list(*found, name, place);
    if (found->is_string()) return of_member(found->get_ref<const std::string&>(), name);
  }
  throw DataError("{}: expected a list of words, or a text, in '{}'", place.to_string(), fmt::join(names_, "' or '"));
}

std::vector<std::string> WordSource::of_member(std::string_view text, const std::string& name) const {
  if (name == kTextName) return of_text(text);
  const std::vector<std::string_view> words = split_words(text);
  return {words.begin(), words.end()};
}

}  // namespace

std::vector<std::string> split_text(std::string_view text, TextWords words) {
  std::vector<std::string> split;
  bool goes_on = false;
  for (std::size_t i = 0; i < text.size();) {
    if (const std::size_t space = text::white_space_at(text, i); space > 0) {
      goes_on = false;
      i += space;
      continue;
    }
    const std::size_t size = utf8_length(text[i]);
    if (!goes_on) split.emplace_back();
    split.back() += text.substr(i, size);
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
    TaggedSentence sentence{.place = place,
                            .words = format == RecordFormat::kText  ? source.of_text(line)
                                     : format == RecordFormat::kTsv ? source.of_row(line, place)
                                                                    : source.of_object(line, place)};
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
