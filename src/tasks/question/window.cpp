#include "tasks/question/window.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "tasks/common/json_object.h"
#include "tasks/common/tab_columns.h"
#include "tasks/common/table.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

using nlohmann::ordered_json;

QuestionColumns read_header(std::string_view header) {
  const std::vector<std::string_view> names = split_tabs(header);
  check_new_column("answer", {names.begin(), names.end()}, place_of_header());
  const auto index_of = [&names](std::string_view name) {
    const auto found = std::ranges::find(names, name);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    throw DataError("{}: expected columns named 'question' and 'context', found: {}", place_of_header().to_string(),
                    fmt::join(names, ", "));
  };
  return {names.size(), index_of("question"), index_of("context")};
}

std::string not_empty(std::string_view text, std::string_view name, const Place& place) {
  if (text::trim(text).empty()) throw DataError("{}: the {} is empty", place.to_string(), name);
  return std::string(text);
}

/// Byte offset to a number of characters.
std::size_t count_characters(std::string_view text, std::size_t size_bytes) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size_bytes),
                                                [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

void append_fields(const RankedAnswer& answer, std::string_view context, std::string& out) {
  out += write_field(answer.span.text(context), {});
  out += fmt::format("\t{:.4f}\t", answer.probability);
  if (answer.span.is_none()) {
    out += '\t';
  } else {
    out +=
        fmt::format("{}\t{}", count_characters(context, answer.span.begin), count_characters(context, answer.span.end));
  }
}

ordered_json to_json(const RankedAnswer& answer, std::string_view context) {
  ordered_json object = {
      {"answer", nullptr}, {"probability", answer.probability}, {"start", nullptr}, {"end", nullptr}};
  if (!answer.span.is_none()) {
    object["answer"] = answer.span.text(context);
    object["start"] = count_characters(context, answer.span.begin);
    object["end"] = count_characters(context, answer.span.end);
  }
  return object;
}

}  // namespace

QuestionWindow::QuestionWindow(RecordFormat format, std::string_view header, const TaskConfig& config,
                               std::shared_ptr<const text::Tokenizer> tokenizer, std::string& out_header)
    : format_(format), config_(config.question), set_(std::move(tokenizer), config_, config.max_sequence_length) {
  if (format != RecordFormat::kTsv) return;
  columns_ = read_header(header);
  out_header = fmt::format("{}\tanswer\tprobability\tstart\tend", header);
}

QuestionRecord QuestionWindow::parse(std::string_view record, const Place& place) const {
  if (format_ == RecordFormat::kJsonl) return parse_question_record(record, place);
  const std::vector<std::string_view> fields = split_tabs(record);
  const QuestionColumns columns =
      format_ == RecordFormat::kTsv ? columns_ : QuestionColumns{.count = 2, .question = 0, .context = 1};
  if (fields.size() != columns.count) {
    throw DataError("{}: expected {}, found {} fields", place.to_string(),
                    format_ == RecordFormat::kTsv ? fmt::format("{} fields as in the header", columns.count)
                                                  : "a question and its context apart by a tab",
                    fields.size());
  }
  return {.id = {},
          .question = not_empty(fields[columns.question], "question", place),
          .context = not_empty(fields[columns.context], "context", place)};
}

void QuestionWindow::add(std::string_view record, const Place& place) {
  QuestionRecord parsed = parse(record, place);
  set_.add_question(parsed.question, set_.add_context(std::move(parsed.context)));
  rows_.emplace_back(record);
}

void QuestionWindow::write(std::size_t record, std::string& out) const {
  if (format_ == RecordFormat::kJsonl) {
    out += with_members(record);
  } else {
    if (format_ == RecordFormat::kTsv) out += rows_[record] + '\t';
    append_fields(set_.answer(record), set_.context_of(record), out);
  }
  out += '\n';
}

/// The object of a record with the answer added.
std::string QuestionWindow::with_members(std::size_t record) const {
  const std::string& context = set_.context_of(record);
  ordered_json members = to_json(set_.answer(record), context);
  if (config_.no_answer) members["null_odds"] = set_.null_odds(record);
  if (config_.show_n_best) {
    ordered_json& list = members["n_best"] = ordered_json::array();
    for (const RankedAnswer& likely : set_.n_best(record)) list.push_back(to_json(likely, context));
  }
  return add_json_members(rows_[record], members);
}

void QuestionWindow::clear() {
  set_.clear();
  rows_.clear();
}

}  // namespace albert::tasks
