#include "tasks/choice/window.h"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "tasks/choice/lines.h"
#include "tasks/common/class_scores.h"
#include "tasks/common/json_object.h"
#include "tasks/common/tab_fields.h"

namespace albert::tasks {

ChoiceWindow::ChoiceWindow(RecordFormat format, std::string_view header, ChoiceEncoding encoding)
    : format_(format), encoding_(std::move(encoding)) {
  if (format == RecordFormat::kTsv) read_header(header);
}

void ChoiceWindow::read_header(std::string_view header) {
  const Place place = place_of_header();
  const std::vector<std::string_view> names = split_tabs(header);
  columns_.count = names.size();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == "context") columns_.context = i;
    if (names[i] == "question") columns_.question = i;
    if (names[i].starts_with("choice")) columns_.choices.push_back(i);
  }
  if (!columns_.question || columns_.choices.size() < 2) {
    throw DataError("{}: expected columns named question and choice_A, choice_B ..., found: {}", place.to_string(),
                    fmt::join(names, ", "));
  }
  header_ = header;
}

std::string ChoiceWindow::out_header() const {
  if (format_ != RecordFormat::kTsv) return "";
  std::string out = header_ + "\tanswer";
  for (std::size_t i = 0; i < columns_.choices.size(); ++i) out += "\tprobability_" + choice_letter(i);
  return out;
}

void ChoiceWindow::add(std::string_view record, const Place& place) {
  const ChoiceQuestion question = parse(record, place);
  check_question(question);
  records_.push_back({.row = std::string(record), .choices = question.choices, .item = encoding_.encode(question)});
}

ChoiceQuestion ChoiceWindow::parse(std::string_view record, const Place& place) const {
  if (format_ == RecordFormat::kJsonl) return parse_choice_line(record, place, /*with_label=*/false);
  const std::vector<std::string_view> fields = split_tabs(record);
  if (format_ == RecordFormat::kTsv) return from_fields(fields, place);
  if (fields.size() < 4) {
    throw DataError(
        "{}: expected a context (or nothing), a question and two or more choices apart by tabs, found {} "
        "fields",
        place.to_string(), fields.size());
  }
  ChoiceQuestion question{.place = place, .context = std::string(fields[0]), .question = std::string(fields[1])};
  question.choices.assign(fields.begin() + 2, fields.end());
  return question;
}

ChoiceQuestion ChoiceWindow::from_fields(const std::vector<std::string_view>& fields, const Place& place) const {
  if (fields.size() != columns_.count) {
    throw DataError("{}: expected {} columns as in the header, found {}", place.to_string(), columns_.count,
                    fields.size());
  }
  ChoiceQuestion question{.place = place, .question = std::string(fields[*columns_.question])};
  if (columns_.context) question.context = fields[*columns_.context];
  for (const std::size_t column : columns_.choices) question.choices.emplace_back(fields[column]);
  return question;
}

void ChoiceWindow::take_scores(std::size_t index, std::span<const float> scores) {
  records_[index].scores.assign(scores.begin(), scores.end());
}

void ChoiceWindow::write_json(const Entry& entry, std::string& out) const {
  const std::size_t best = index_of_best(entry.scores);
  nlohmann::ordered_json members = {{"prediction", choice_letter(best)}, {"choice", entry.choices[best]}};
  members["probabilities"] = nlohmann::ordered_json::array();
  for (const double value : softmax(entry.scores)) members["probabilities"].push_back(rounded_probability(value));
  out += add_json_members(entry.row, members) + '\n';
}

void ChoiceWindow::write(std::size_t record, std::string& out) const {
  const Entry& entry = records_[record];
  if (entry.scores.empty()) throw InternalError("record {} of the window has no scores", record);
  if (format_ == RecordFormat::kJsonl) return write_json(entry, out);
  if (format_ == RecordFormat::kTsv) out += entry.row + '\t';
  out += choice_letter(index_of_best(entry.scores));
  for (const double value : softmax(entry.scores)) out += fmt::format("\t{:.6g}", value);
  out += '\n';
}

}  // namespace albert::tasks
