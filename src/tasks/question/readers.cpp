#include "tasks/question/readers.h"

#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "base/error.h"
#include "base/file.h"
#include "base/shown.h"
#include "tasks/common/decoding.h"
#include "tasks/common/json_object.h"
#include "tasks/common/lines.h"
#include "tasks/question/gold_answers.h"
#include "tasks/question/json.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

using nlohmann::json;

bool has_member(const json& object, const char* name) {
  return object.is_object() && object.contains(name);
}

/// Collects the questions of a file, however they are nested.
class QuestionCollector {
 public:
  explicit QuestionCollector(std::string file) : file_(std::move(file)) {}

  /// Whatever has its name by its members: the whole of SQuAD, an article, a paragraph, or a question with its context.
  /// \param at where it stands: "data[0].paragraphs[1]"; empty: it is the whole of the file, or of its line
  void add(const json& entry, const std::string& at) {
    if (entry.is_array()) return add_list(entry, at);
    if (has_member(entry, "data")) return add_list(list_member(entry, "data", place(at)), below(at, "data"));
    if (has_member(entry, "paragraphs")) {
      return add_list(list_member(entry, "paragraphs", place(at)), below(at, "paragraphs"));
    }
    if (has_member(entry, "qas")) return add_paragraph(entry, at);
    add_row(entry, at);
  }

  /// The same of a line of a file.
  void add_line(std::string_view line, std::int64_t number) {
    line_ = number;
    add(parse_json_object(line, place("")), "");
  }

  QuestionFile finish(MisplacedAnswers misplaced) {
    if (misplaced == MisplacedAnswers::kRefuse) gold_.refuse_misplaced();
    result_.misplaced = gold_.misplaced();
    return std::move(result_);
  }

 private:
  Place place(std::string id) const { return {.file = file_, .line = line_, .id = std::move(id)}; }
  static std::string below(const std::string& at, const char* name) { return at.empty() ? name : at + '.' + name; }

  void add_list(const json& list, const std::string& at) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (list[i].is_array()) throw DataError("{}: expected a JSON object, found array", place(at).to_string());
      add(list[i], fmt::format("{}[{}]", at, i));
    }
  }

  void add_paragraph(const json& paragraph, const std::string& at) {
    const std::string& context = nonempty_member(paragraph, "context", place(at));
    const json& questions = list_member(paragraph, "qas", place(at));
    for (std::size_t i = 0; i < questions.size(); ++i) {
      const std::string here = fmt::format("{}[{}]", below(at, "qas"), i);
      const std::string id = id_member(questions[i], place(here));
      if (id.empty()) throw DataError("{}: expected a member 'id', found none", place(here).to_string());
      add_question(questions[i], id, context, place_of(id, here));
    }
  }

  /// A question with its context; without an id it is known by its number.
  void add_row(const json& row, const std::string& at) {
    std::string id = id_member(row, place(at));
    if (!has_member(row, "question") && !has_member(row, "context")) refuse_row(row, at);
    const Place here = place_of(id, at);
    const std::string& context = nonempty_member(row, "context", here);
    if (id.empty()) id = std::to_string(line_ > 0 ? line_ : std::ssize(result_.records) + 1);
    add_question(row, id, context, here);
  }

  /// A question is named by its id, and before it has one by its place.
  Place place_of(const std::string& id, const std::string& at) const {
    return place(id.empty() ? at : "question " + id);
  }

  [[noreturn]] void refuse_row(const json& row, const std::string& at) const {
    throw DataError(
        "{}: expected questions in SQuAD's layout ({{\"data\": [{{\"paragraphs\": [...]}}]}}), or rows of them with "
        "question, context and answers, found {}; is it the file of another task?",
        place(at).to_string(), row.empty() ? "an empty object" : listed(member_names(row)));
  }

  void add_question(const json& object, const std::string& id, const std::string& context, const Place& place) {
    if (!ids_.insert(id).second) throw DataError("{}: the id {} occurs twice", place.to_string(), shortened(id));
    Question question{.id = id, .text = nonempty_member(object, "question", place)};
    const auto known = contexts_.find(context);
    question.context = known == contexts_.end() ? std::make_shared<const std::string>(context) : known->second;
    if (known == contexts_.end()) contexts_.emplace(*question.context, question.context);
    gold_.add_to(question, object, place);
    if (!result_.records.empty() && question.is_labelled != result_.records.front().is_labelled) {
      throw DataError(
          "{}: it has {}answers, but the first question of the file has {}; expected answers of all or of none",
          place.to_string(), question.is_labelled ? "" : "no ", question.is_labelled ? "none" : "some");
    }
    result_.records.push_back(std::move(question));
  }

  std::string file_;
  std::int64_t line_ = 0;
  std::unordered_map<std::string_view, std::shared_ptr<const std::string>> contexts_;  ///< by what they point at
  std::unordered_set<std::string> ids_;
  GoldAnswers gold_;
  QuestionFile result_;
};

/// Whether each line is an object. A file of one line is read as the one object that it is.
bool holds_lines(std::string_view content, const std::string& file) {
  TextLines lines(content, file);
  std::string_view first;
  while (text::trim(first).empty() && lines.next(first)) {
  }
  if (!text::trim(first).starts_with('{') || !json::accept(first)) return false;
  for (std::string_view line; lines.next(line);) {
    if (!text::trim(line).empty()) return true;
  }
  return false;
}

}  // namespace

QuestionFile parse_questions(std::string_view content, const std::string& file, MisplacedAnswers misplaced) {
  QuestionCollector collector(file);
  if (holds_lines(content, file)) {
    TextLines lines(content, file);
    for (std::string_view line; lines.next(line);) {
      if (!text::trim(line).empty()) collector.add_line(line, lines.number());
    }
    return collector.finish(misplaced);
  }
  const std::string_view begin = text::trim(content).substr(0, 1);
  if (begin != "{" && begin != "[") {
    throw DataError(
        "{}: expected questions in SQuAD's layout ({{\"data\": [...]}}), or a list or lines of JSON objects with "
        "question, context and answers, found neither; is it the file of another task?",
        file);
  }
  collector.add(parse_json(content, {.file = file, .line = 0, .id = {}}), "");
  return collector.finish(misplaced);
}

QuestionFile read_questions(const fs::path& file, MisplacedAnswers misplaced) {
  return parse_questions(decode_file(read_file(file), "utf-8", file.string()), file.string(), misplaced);
}

Question parse_question_line(std::string_view line, const Place& place) {
  const json object = parse_json_object(line, place);
  return {.id = id_member(object, place),
          .text = nonempty_member(object, "question", place),
          .context = std::make_shared<const std::string>(nonempty_member(object, "context", place))};
}

}  // namespace albert::tasks
