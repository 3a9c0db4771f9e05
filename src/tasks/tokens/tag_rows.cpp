#include "tasks/tokens/tag_rows.h"

#include <algorithm>
#include <optional>

#include "base/error.h"
#include "tasks/common/advice.h"
#include "tasks/tokens/tagged_lines.h"
#include "text/whitespace.h"

namespace albert::tasks {

TagRows::TagRows(std::string_view header, const TagFormat& format, Place place) : place_(std::move(place)) {
  const std::vector<std::string_view> names = split_fields(header, '\t');
  const auto find = [&names](const std::string& name) -> std::optional<std::size_t> {
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names.begin());
  };
  const auto words = find(format.words_name);
  if (!words) {
    throw DataError(R"({}: expected a header with the column "{}", found "{}"{})", place_.to_string(),
                    format.words_name, header, advice(format.settings, "; see {}words_name"));
  }
  width_ = names.size();
  words_ = *words;
  if (!format.tags_name.empty()) tags_ = find(format.tags_name);
}

TaggedRow TagRows::split(std::string_view row, const Place& place) const {
  const std::vector<std::string_view> fields = split_fields(row, '\t');
  if (fields.size() != width_) {
    throw DataError("{}: expected {} columns as in the header, found {}", place.to_string(), width_, fields.size());
  }
  TaggedRow split{.words = split_words(fields[words_]), .tags = {}};
  if (split.words.empty()) throw DataError("{}: the sentence has no word", place.to_string());
  if (!tags_) return split;
  split.tags = split_words(fields[*tags_]);
  if (split.tags.size() != split.words.size()) {
    throw DataError("{}: expected a tag for each of the {} words, found {} tags", place.to_string(), split.words.size(),
                    split.tags.size());
  }
  return split;
}

bool TagRows::is_header(std::string_view line, const TagFormat& format) {
  return std::ranges::count(split_fields(line, '\t'), format.words_name) > 0;
}

TaggedFile parse_tag_rows(TaggedLines lines, const TagFormat& format, bool need_tags) {
  if (lines.lines().empty()) return lines.finish();
  const TagRows rows(lines.lines()[0], format, lines.place(0));
  lines.set_labelled(rows.has_tags());
  if (need_tags && !rows.has_tags()) {
    throw DataError(R"({}: expected a header with the column "{}", found "{}"{})", lines.place(0).to_string(),
                    format.tags_name, lines.lines()[0], advice(format.settings, "; see {}tags_name"));
  }
  for (std::size_t i = 1; i < lines.lines().size(); ++i) {
    if (text::trim(lines.lines()[i]).empty()) continue;
    const TaggedRow row = rows.split(lines.lines()[i], lines.place(i));
    for (std::size_t word = 0; word < row.words.size(); ++word) {
      lines.add_word(row.words[word], rows.has_tags() ? row.tags[word] : std::string_view(), i);
    }
    lines.end_sentence();
  }
  return lines.finish();
}

}  // namespace albert::tasks
