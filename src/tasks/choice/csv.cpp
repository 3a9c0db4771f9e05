#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/file.h"
#include "base/shown.h"
#include "tasks/choice/readers.h"
#include "tasks/common/decoding.h"
#include "tasks/common/table.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

constexpr std::size_t kArcChoices = 4;
constexpr std::size_t kSwagChoices = 4;

/// The columns of SWAG by their places.
class SwagColumns {
 public:
  SwagColumns(std::vector<std::string> header, Place place) : header_(std::move(header)), place_(std::move(place)) {
    sentence_ = need("sent1");
    start_ = need("sent2");
    for (std::size_t i = 0; i < kSwagChoices; ++i) endings_.push_back(need("ending" + std::to_string(i)));
    id_ = find("fold-ind");
    label_ = find("label");
  }

  ChoiceQuestion question(const TableRow& row, const Place& place) const {
    const auto& fields = row.fields;
    if (fields.size() != header_.size()) {
      throw DataError("{}: expected {} columns as in the header, found {}", place.to_string(), header_.size(),
                      fields.size());
    }
    ChoiceQuestion question{.place = place, .context = fields[sentence_], .question = fields[start_]};
    question.form = ChoiceForm::kNumber;
    if (id_ != kNone) question.id = fields[id_];
    for (const std::size_t ending : endings_) question.choices.push_back(fields[ending]);
    if (label_ != kNone) question.label = parse_label(fields[label_], place);
    return question;
  }

 private:
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  std::size_t find(const std::string& name) const {
    const auto found = std::ranges::find(header_, name);
    return found == header_.end() ? kNone : static_cast<std::size_t>(found - header_.begin());
  }

  std::size_t need(const std::string& name) const {
    const std::size_t column = find(name);
    if (column != kNone) return column;
    throw DataError("{}: expected a column named '{}', as SWAG has; found: {}", place_.to_string(), name,
                    listed(header_));
  }

  static std::int64_t parse_label(const std::string& text, const Place& place) {
    std::int64_t label = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), label);
    if (error == std::errc() && end == text.data() + text.size() && label >= 0 &&
        label < static_cast<std::int64_t>(kSwagChoices)) {
      return label;
    }
    throw DataError("{}: expected a label from 0 to {}, found '{}'", place.to_string(), kSwagChoices - 1,
                    shortened(text));
  }

  std::vector<std::string> header_;
  Place place_;
  std::size_t sentence_ = kNone, start_ = kNone, id_ = kNone, label_ = kNone;
  std::vector<std::size_t> endings_;
};

/// "A" or "1" for 0 ...; the one behind the last choice is where five-choice questions had theirs.
std::int64_t parse_arc_answer(const std::string& text, const Place& place) {
  if (text.size() == 1) {
    for (const char first : {'A', '1'}) {
      const std::int64_t choice = text[0] - first;
      if (choice >= 0 && choice <= static_cast<std::int64_t>(kArcChoices)) return choice;
    }
  }
  throw DataError("{}: expected the letter of a choice from A to {}, found '{}'", place.to_string(),
                  choice_letter(kArcChoices - 1), shortened(text));
}

/// Whether the right choice, or where it is not known two of them, are still in the file.
bool is_whole(const ChoiceQuestion& question) {
  const std::size_t count = question.choices.size();
  return count >= 2 && (!question.label || *question.label < static_cast<std::int64_t>(count));
}

/// What a message says of a row of one column.
std::string other_delimiter(const TableRow& row) {
  const std::size_t at = row.fields.size() > 1 ? std::string_view::npos : row.bytes.find_first_of(";|\t");
  if (at == std::string_view::npos) return "";
  return fmt::format("; the columns seem to be apart by '{}': write commas",
                     row.bytes[at] == '\t' ? "tab" : row.bytes.substr(at, 1));
}

ChoiceQuestion arc_question(const TableRow& row, const Place& place) {
  const auto& fields = row.fields;
  if (fields.size() != kArcChoices + 1 && fields.size() != kArcChoices + 2) {
    throw DataError(
        "{}: expected a question, {} choices and the letter of the right one ({} columns, or {} without it), found {} "
        "columns{}",
        place.to_string(), kArcChoices, kArcChoices + 2, kArcChoices + 1, fields.size(), other_delimiter(row));
  }
  ChoiceQuestion question{.place = place, .question = fields[0]};
  question.choices.assign(fields.begin() + 1, fields.begin() + 1 + kArcChoices);
  while (!question.choices.empty() && text::trim(question.choices.back()).empty()) question.choices.pop_back();
  if (fields.size() == kArcChoices + 1) return question;
  question.label = parse_arc_answer(fields.back(), place);
  const bool has_letter = fields.back() >= "A";
  question.form = has_letter ? ChoiceForm::kLetter : ChoiceForm::kUnsaid;
  for (std::size_t i = 0; i < question.choices.size() && !has_letter; ++i) {
    question.names.push_back(std::to_string(i + 1));
  }
  return question;
}

bool is_swag_header(const std::vector<std::string>& row) {
  return std::ranges::find(row, "ending0") != row.end() || std::ranges::find(row, "startphrase") != row.end();
}

}  // namespace

ChoiceFile read_choice_csv(const fs::path& path) {
  const std::string text = decode_file(read_file(path), "utf-8", path.string());
  TableReader reader(text, {.separator = ',', .quoted = true}, path.string());
  ChoiceFile file;
  std::optional<SwagColumns> swag;
  TableRow row;
  for (bool is_first = true; reader.next(row); is_first = false) {
    const Place place{.file = path.string(), .line = row.line, .id = {}};
    if (is_first && is_swag_header(row.fields)) {
      swag.emplace(row.fields, place);
      continue;
    }
    ChoiceQuestion question = swag ? swag->question(row, place) : arc_question(row, place);
    if (question.id.empty()) question.id = std::to_string(file.records.size() + file.left_out.size() + 1);
    if (swag || is_whole(question)) {
      file.records.push_back(std::move(question));
    } else {
      file.left_out.push_back(std::move(question.id));
    }
  }
  return file;
}

}  // namespace albert::tasks
