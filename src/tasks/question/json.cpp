#include "tasks/question/json.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/utf8.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

using nlohmann::json;

/// The member, or null; JSON's own null counts as none.
const json* find(const json& object, const char* name, const Place& place) {
  if (!object.is_object()) {
    throw DataError("{}: expected a JSON object, found {}", place.to_string(), object.type_name());
  }
  const auto member = object.find(name);
  return member == object.end() || member->is_null() ? nullptr : &*member;
}

const json& need(const json& object, const char* name, bool (json::*is_right)() const noexcept, const char* expected,
                 const Place& place) {
  const json* member = find(object, name, place);
  if (member == nullptr) throw DataError("{}: expected a member '{}', found none", place.to_string(), name);
  if (!(member->*is_right)()) {
    throw DataError("{}: expected {} in '{}', found {}", place.to_string(), expected, name, member->type_name());
  }
  return *member;
}

/// An answer as the file gives it.
struct RawAnswer {
  std::string text;
  const json* start = nullptr;  ///< null if the file does not say where it stands
};

/// {"text": [...], "answer_start": [...]}
std::vector<RawAnswer> read_columns(const json& columns, const Place& place) {
  const json& texts = list_member(columns, "text", place);
  const json& starts = list_member(columns, "answer_start", place);
  if (texts.size() != starts.size()) {
    throw DataError("{}: answers: expected as many starts as texts, found {} and {}", place.to_string(), starts.size(),
                    texts.size());
  }
  std::vector<RawAnswer> answers;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i].is_string()) {
      throw DataError("{}: answers: expected texts in 'text', found {}", place.to_string(), texts[i].type_name());
    }
    answers.push_back({texts[i].get<std::string>(), &starts[i]});
  }
  return answers;
}

std::vector<RawAnswer> read_list(const json& list, const Place& place) {
  std::vector<RawAnswer> answers;
  for (const json& answer : list) {
    if (answer.is_string()) {
      answers.push_back({answer.get<std::string>()});
    } else {
      answers.push_back({text_member(answer, "text", place), find(answer, "answer_start", place)});
    }
  }
  return answers;
}

std::vector<RawAnswer> read_raw_answers(const json& answers, const Place& place) {
  if (answers.is_object()) return read_columns(answers, place);
  if (answers.is_array()) return read_list(answers, place);
  throw DataError("{}: expected a list in 'answers', found {}", place.to_string(), answers.type_name());
}

/// The byte offset of the character with that number; the end of the text if it has not so many.
std::size_t byte_offset(std::string_view text, std::int64_t num_characters) {
  std::size_t offset = 0;
  for (; num_characters > 0 && offset < text.size(); --num_characters) offset += utf8_length(text[offset]);
  return std::min(offset, text.size());
}

std::string excerpt(std::string_view text) {
  constexpr std::int64_t kMaxCharacters = 60;
  const std::size_t end = byte_offset(text, kMaxCharacters);
  return std::string(text.substr(0, end)) + (end < text.size() ? "..." : "");
}

/// As many characters of the context as the answer has, where the answer should stand.
std::string found_at(std::string_view context, std::int64_t start, std::string_view answer) {
  if (start < 0) return "it nowhere";
  const std::string_view rest = context.substr(byte_offset(context, start));
  const auto length = std::count_if(answer.begin(), answer.end(), [](char c) { return (c & 0xC0) != 0x80; });
  return '"' + excerpt(rest.substr(0, byte_offset(rest, length))) + '"';
}

/// The number of the character with which the answer begins, as the file says; nothing if it does not say.
std::optional<std::int64_t> start_of(const RawAnswer& answer, const Place& place) {
  if (answer.start == nullptr) return std::nullopt;
  if (answer.start->is_number_integer()) return answer.start->get<std::int64_t>();
  throw DataError("{}: expected a whole number in 'answer_start', found {}", place.to_string(),
                  answer.start->type_name());
}

/// The byte offset of an answer in its context; nothing if it has no place there, and may be without one.
std::optional<std::size_t> locate(const RawAnswer& answer, const std::string& context, MisplacedAnswers misplaced,
                                  const Place& place) {
  const std::optional<std::int64_t> start = start_of(answer, place);
  if (!start) {
    if (const std::size_t begin = context.find(answer.text); begin != std::string::npos) return begin;
  } else if (*start >= 0) {
    const std::size_t begin = byte_offset(context, *start);
    if (std::string_view(context).substr(begin).starts_with(answer.text)) return begin;
  }
  if (misplaced == MisplacedAnswers::kSkip) return std::nullopt;
  throw DataError(
      "{}: the answer is not at its place in the context: expected \"{}\"{}, found {}; correct the file, or set "
      "task.question.misplaced_answers: skip",
      place.to_string(), excerpt(answer.text), start ? fmt::format(" at character {}", *start) : "",
      found_at(context, start.value_or(-1), answer.text));
}

/// Throws DataError if the flag is_impossible contradicts the answers.
void check_flag(const json& object, bool has_answers, const Place& place) {
  const json* flag = find(object, "is_impossible", place);
  if (flag == nullptr) return;
  if (!flag->is_boolean()) {
    throw DataError("{}: expected true or false in 'is_impossible', found {}", place.to_string(), flag->type_name());
  }
  if (flag->get<bool>() != has_answers) return;
  throw DataError("{}: is_impossible is {}, but {}", place.to_string(), flag->get<bool>(),
                  has_answers ? "there are answers" : "there is no answer");
}

}  // namespace

const std::string& text_member(const json& object, const char* name, const Place& place) {
  return need(object, name, &json::is_string, "text", place).get_ref<const std::string&>();
}

const json& list_member(const json& object, const char* name, const Place& place) {
  return need(object, name, &json::is_array, "a list", place);
}

const std::string& nonempty_member(const json& object, const char* name, const Place& place) {
  const std::string& text = text_member(object, name, place);
  if (text::trim(text).empty()) throw DataError("{}: the text in '{}' is empty", place.to_string(), name);
  return text;
}

std::string id_member(const json& object, const Place& place) {
  const json* id = find(object, "id", place);
  if (id == nullptr) return {};
  if (id->is_string()) return id->get<std::string>();
  if (id->is_number_integer()) return id->dump();
  throw DataError("{}: expected text or a whole number in 'id', found {}", place.to_string(), id->type_name());
}

void add_gold_answers(const json& object, MisplacedAnswers misplaced, const Place& place, Question& question) {
  const json* answers = find(object, "answers", place);
  if (answers == nullptr) return;
  question.is_labelled = true;
  for (RawAnswer& answer : read_raw_answers(*answers, place)) {
    if (answer.text.empty()) throw DataError("{}: an answer is an empty text", place.to_string());
    const std::optional<std::size_t> begin = locate(answer, *question.context, misplaced, place);
    question.answers.push_back({std::move(answer.text), begin});
  }
  check_flag(object, !question.answers.empty(), place);
}

std::int64_t count_misplaced(const Question& question) {
  return std::count_if(question.answers.begin(), question.answers.end(),
                       [](const GoldAnswer& answer) { return !answer.begin; });
}

}  // namespace albert::tasks
