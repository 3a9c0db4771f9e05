#include "tasks/question/gold_answers.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/counted.h"
#include "base/error.h"
#include "base/json.h"
#include "base/shown.h"
#include "base/utf8.h"
#include "tasks/common/json_object.h"
#include "tasks/question/json.h"

namespace albert::tasks {

namespace {

using nlohmann::json;

/// An answer as the file gives it.
struct RawAnswer {
  std::string text;
  std::optional<std::int64_t> start = {};  ///< the number of its first character; nothing: the file does not say
};

std::optional<std::int64_t> start_of(const json* start, const Place& place) {
  if (start == nullptr) return std::nullopt;
  if (start->is_number_unsigned() && *start > std::uint64_t{INT64_MAX}) return INT64_MAX;  // behind every text
  if (const auto number = whole_json_number(*start)) return number;
  throw DataError("{}: expected a whole number in 'answer_start', found {}", place.to_string(), short_json(*start));
}

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
      throw DataError("{}: answers: expected texts in 'text', found {}", place.to_string(), short_json(texts[i]));
    }
    answers.push_back({texts[i].get<std::string>(), start_of(&starts[i], place)});
  }
  return answers;
}

std::vector<RawAnswer> read_list(const json& list, const Place& place) {
  std::vector<RawAnswer> answers;
  for (const json& answer : list) {
    if (answer.is_string()) {
      answers.push_back({answer.get<std::string>()});
    } else {
      answers.push_back(
          {text_member(answer, "text", place), start_of(find_member(answer, "answer_start", place), place)});
    }
  }
  return answers;
}

std::vector<RawAnswer> read_raw_answers(const json& answers, const Place& place) {
  if (answers.is_object()) return read_columns(answers, place);
  if (answers.is_array()) return read_list(answers, place);
  throw DataError("{}: expected a list in 'answers', found {}", place.to_string(), short_json(answers));
}

std::optional<std::size_t> locate(const RawAnswer& answer, const std::string& context) {
  if (answer.start) return find_at_character(context, *answer.start, answer.text);
  const std::size_t first = context.find(answer.text);
  if (first == std::string::npos) return std::nullopt;
  return first;
}

/// As many characters of the context as the answer has, where the answer should stand.
std::string found_at(std::string_view context, const RawAnswer& answer) {
  if (!answer.start) return "it nowhere";
  if (*answer.start < 0) return "a number below 0, where no character is";
  const std::string_view rest = context.substr(byte_of_character(context, *answer.start));
  const auto length = std::ranges::count_if(answer.text, [](char c) { return !continues_character(c); });
  return '"' + shortened(rest.substr(0, byte_of_character(rest, length))) + '"';
}

std::string describe_misplaced(const RawAnswer& answer, const std::string& context, const Place& place) {
  return fmt::format("{}: the answer is not at its place in the context: expected \"{}\"{}, found {}",
                     place.to_string(), shortened(answer.text),
                     answer.start ? fmt::format(" at character {}", *answer.start) : "", found_at(context, answer));
}

/// What the flag is_impossible says, if it is there.
std::optional<bool> flag_of(const json& object, const Place& place) {
  const json* flag = find_member(object, "is_impossible", place);
  if (flag == nullptr) return std::nullopt;
  if (flag->is_boolean()) return flag->get<bool>();
  throw DataError("{}: expected true or false in 'is_impossible', found {}", place.to_string(), short_json(*flag));
}

}  // namespace

void GoldAnswers::add_to(Question& question, const json& object, const Place& place) {
  const json* answers = find_member(object, "answers", place);
  const std::optional<bool> is_impossible = flag_of(object, place);
  question.is_labelled = answers != nullptr || is_impossible.value_or(false);
  if (answers == nullptr) return;
  for (RawAnswer& answer : read_raw_answers(*answers, place)) {
    if (answer.text.empty()) continue;
    const std::optional<std::size_t> begin = locate(answer, *question.context);
    ++num_answers_;
    if (!begin) {
      if (misplaced_.total == 0) first_misplaced_ = describe_misplaced(answer, *question.context, place);
      misplaced_.add(other_counting(*question.context, answer.start.value_or(-1), answer.text));
    }
    question.answers.push_back({std::move(answer.text), begin});
  }
  if (is_impossible.value_or(question.answers.empty()) == question.answers.empty()) return;
  throw DataError("{}: is_impossible is {}, but {}", place.to_string(), *is_impossible,
                  *is_impossible ? "there are answers" : "there is no answer");
}

void GoldAnswers::refuse_misplaced() const {
  if (misplaced_.total == 0) return;
  throw DataError(
      "{}; {} of {} {} misplaced{}; answer_start counts characters (Unicode code points) of the context from 0: "
      "correct the file, or set task.question.misplaced_answers: skip",
      first_misplaced_, misplaced_.total, counted(num_answers_, "answer"), misplaced_.total == 1 ? "is" : "are",
      misplaced_.reasons());
}

}  // namespace albert::tasks
