#include "downstream/question/window.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "datasets/table.h"
#include "downstream/tab_fields.h"
#include "text/whitespace.h"

namespace albert::downstream {

namespace {

using nlohmann::ordered_json;

QuestionColumns read_header(std::string_view header) {
  const std::vector<std::string_view> names = split_tabs(header);
  const auto index_of = [&names](std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? QuestionColumns::kNoColumn : static_cast<std::size_t>(found - names.begin());
  };
  const QuestionColumns columns{names.size(), index_of("question"), index_of("context"), index_of("id")};
  if (columns.question == QuestionColumns::kNoColumn || columns.context == QuestionColumns::kNoColumn) {
    throw DataError("{}: expected columns named 'question' and 'context', found: {}", place_of_header().to_string(),
                    fmt::join(names, ", "));
  }
  return columns;
}

std::string not_empty(std::string_view text, std::string_view name, const datasets::Place& place) {
  if (text::trim(text).empty()) throw DataError("{}: the {} is empty", place.to_string(), name);
  return std::string(text);
}

/// Byte offset to a number of characters.
std::size_t count_characters(std::string_view text, std::size_t size_bytes) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size_bytes),
                                                [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

void append_fields(const RankedAnswer& answer, std::string_view context, std::string& out) {
  out += datasets::write_field(answer.span.text(context), {});
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
  out_header = columns_.id == QuestionColumns::kNoColumn ? "answer\tprobability\tstart\tend"
                                                         : "id\tanswer\tprobability\tstart\tend";
}

datasets::QuestionRecord QuestionWindow::parse(std::string_view record, const datasets::Place& place) const {
  if (format_ == RecordFormat::kJsonl) return datasets::parse_question_record(record, place);
  const std::vector<std::string_view> fields = split_tabs(record);
  const QuestionColumns columns =
      format_ == RecordFormat::kTsv ? columns_ : QuestionColumns{.count = 2, .question = 0, .context = 1};
  if (fields.size() != columns.count) {
    throw DataError("{}: expected {}, found {} fields", place.to_string(),
                    format_ == RecordFormat::kTsv ? fmt::format("{} fields as in the header", columns.count)
                                                  : "a question and its context apart by a tab",
                    fields.size());
  }
  return {.id = columns.id == QuestionColumns::kNoColumn ? std::string() : std::string(fields[columns.id]),
          .question = not_empty(fields[columns.question], "question", place),
          .context = not_empty(fields[columns.context], "context", place)};
}

void QuestionWindow::add(std::string_view record, const datasets::Place& place) {
  datasets::QuestionRecord parsed = parse(record, place);
  set_.add_question(parsed.question, set_.add_context(std::move(parsed.context)));
  ids_.push_back(std::move(parsed.id));
}

void QuestionWindow::write(std::size_t record, std::string& out) const {
  const std::string& context = set_.context_of(record);
  const RankedAnswer answer = set_.answer(record);
  if (format_ != RecordFormat::kJsonl) {
    if (columns_.id != QuestionColumns::kNoColumn) out += ids_[record] + '\t';
    append_fields(answer, context, out);
    out += '\n';
    return;
  }
  ordered_json object = ordered_json::object();
  if (!ids_[record].empty()) object["id"] = ids_[record];
  object.update(to_json(answer, context));
  if (config_.no_answer) object["null_odds"] = set_.null_odds(record);
  if (config_.show_n_best) {
    ordered_json& list = object["n_best"] = ordered_json::array();
    for (const RankedAnswer& likely : set_.n_best(record)) list.push_back(to_json(likely, context));
  }
  out += object.dump() + '\n';
}

void QuestionWindow::clear() {
  set_.clear();
  ids_.clear();
}

}  // namespace albert::downstream
