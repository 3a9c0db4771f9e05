#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "tasks/common/tab_columns.h"
#include "tasks/question/readers.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

std::string not_empty(std::string_view text, std::string_view name, const Place& place) {
  if (text::trim(text).empty()) throw DataError("{}: the {} is empty", place.to_string(), name);
  return std::string(text);
}

Question make_question(std::string_view text, std::string_view context, const Place& place) {
  return {.text = not_empty(text, "question", place),
          .context = std::make_shared<const std::string>(not_empty(context, "context", place))};
}

Question parse_text(std::string_view line, const Place& place) {
  const std::vector<std::string_view> fields = split_fields(line);
  if (fields.size() == 2) return make_question(fields[0], fields[1], place);
  throw DataError("{}: expected a question and its context apart by a tab, found {} fields", place.to_string(),
                  fields.size());
}

/// The columns of a table by their places.
struct QuestionColumns {
  TabColumns table;
  std::size_t question = 0;
  std::size_t context = 0;

  explicit QuestionColumns(std::string_view header) : table(header) {
    const auto asked = table.find("question"), about = table.find("context");
    if (!asked || !about) table.refuse("columns named 'question' and 'context'");
    question = *asked;
    context = *about;
  }

  Question parse(std::string_view line, const Place& place) const {
    const std::vector<std::string_view> fields = table.split(line, place);
    return make_question(fields[question], fields[context], place);
  }
};

/// Parses as `parse` does; a context that is that of the question before is the same object.
template <typename Parse>
auto with_shared_contexts(Parse parse) {
  return [parse = std::move(parse), last = std::shared_ptr<const std::string>()](std::string_view line,
                                                                                 const Place& place) mutable {
    Question question = parse(line, place);
    if (!last || *last != *question.context) last = question.context;
    question.context = last;
    return question;
  };
}

}  // namespace

StreamReader<Question> open_question_stream(RecordFormat format, std::string_view header) {
  if (format == RecordFormat::kText) return {.parse = with_shared_contexts(parse_text)};
  if (format == RecordFormat::kJsonl) {
    return {.parse = with_shared_contexts(parse_question_line),
            .answer_names = {"answer", "probability", "start", "end"}};
  }
  const QuestionColumns columns(header);
  const auto parse = [columns](std::string_view line, const Place& place) { return columns.parse(line, place); };
  return {.parse = with_shared_contexts(parse),
          .columns = columns.table.names(),
          .num_columns = columns.table.names().size(),
          .answer_names = {"answer", "probability", "start", "end"}};
}

}  // namespace albert::tasks
