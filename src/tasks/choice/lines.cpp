#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/shown.h"
#include "tasks/choice/readers.h"
#include "tasks/common/decoding.h"
#include "tasks/common/json_object.h"
#include "tasks/common/json_records.h"

namespace albert::tasks {

namespace {

using nlohmann::json;

std::string optional_text(const json& object, const char* name, const Place& place) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? "" : json_text(*found, name, place);
}

/// Choices, and what each is called: "A", "B" ... unless the file names them.
struct Choices {
  std::vector<std::string> texts;
  std::vector<std::string> names;
  bool are_named = false;
};

Choices read_choices_member(const json& value, const Place& place) {
  Choices choices;
  const auto add = [&](const json& text, const json* name) {
    choices.are_named = name != nullptr;
    choices.names.push_back(name ? json_text(*name, "label", place) : choice_letter(choices.texts.size()));
    choices.texts.push_back(json_text(text, "choices", place));
  };
  if (value.is_object() && value.contains("text") && value["text"].is_array()) {
    const json& texts = value["text"];
    const json* names = value.contains("label") ? &value["label"] : nullptr;
    if (names && (!names->is_array() || names->size() != texts.size())) {
      throw DataError("{}: 'choices' has {} texts, but not as many labels", place.to_string(), texts.size());
    }
    for (std::size_t i = 0; i < texts.size(); ++i) add(texts[i], names ? &(*names)[i] : nullptr);
    return choices;
  }
  if (!value.is_array()) {
    throw DataError("{}: expected a list of texts in 'choices', found {}", place.to_string(), short_json(value));
  }
  for (const json& choice : value) {
    if (choice.is_object() && choice.contains("text")) {
      add(choice["text"], choice.contains("label") ? &choice["label"] : nullptr);
    } else {
      add(choice, nullptr);
    }
  }
  return choices;
}

/// A choice's name, which may be a number, else a number from 0; nothing for null, "" and -1, which stand for not known.
std::optional<std::int64_t> parse_label(const json& label, const Choices& choices, const Place& place) {
  if (label.is_null() || label == json("")) return std::nullopt;
  const std::optional<std::int64_t> number = whole_json_number(label);
  if (number == -1) return std::nullopt;
  const auto num_choices = static_cast<std::int64_t>(choices.texts.size());
  const bool may_be_name = label.is_string() || (choices.are_named && number);
  if (may_be_name) {
    const auto named =
        std::ranges::find(choices.names, label.is_string() ? label.get<std::string>() : std::to_string(*number));
    if (named != choices.names.end()) return named - choices.names.begin();
  }
  if (number && *number >= 0 && *number < num_choices) return number;
  throw DataError("{}: expected the right choice as a number from 0 to {} or as {} to {}, found {}", place.to_string(),
                  num_choices - 1, shortened(choices.names.front()), shortened(choices.names.back()),
                  short_json(label));
}

/// What the object says is right; null if it does not say.
const json& label_of(const json& object) {
  static const json kNone;
  for (const char* name : {"label", "answerKey"}) {
    if (const auto found = object.find(name); found != object.end()) return *found;
  }
  return kNone;
}

/// The form of what is right, also where it is not known: -1 is a number, too.
ChoiceForm form_of_label(const json& label, const Choices& choices) {
  if (whole_json_number(label)) return ChoiceForm::kNumber;
  return label.is_string() && !label.get_ref<const std::string&>().empty() && !choices.are_named ? ChoiceForm::kLetter
                                                                                                 : ChoiceForm::kUnsaid;
}

const json& need(const json& object, const char* name, const Place& place) {
  const auto found = object.find(name);
  if (found != object.end()) return *found;
  refuse_without(object, name, R"(a question as {"context", "question", "choices", "label"})", place);
}

/// Throws DataError for two choices of one name.
void check_names(const std::vector<std::string>& names, const Place& place) {
  std::set<std::string> different;
  for (const std::string& name : names) {
    if (!different.insert(name).second) {
      throw DataError("{}: two choices are called {}", place.to_string(), in_quotes(name));
    }
  }
}

}  // namespace

ChoiceQuestion parse_choice_line(std::string_view line, const Place& place, bool with_label) {
  const json object = parse_json_object(line, place);
  const auto stem = object.find("question");
  const bool is_nested = stem != object.end() && stem->is_object();
  ChoiceQuestion question{.place = place,
                          .id = json_id(object, place),
                          .context = optional_text(object, "context", place),
                          .question = is_nested ? json_text(need(*stem, "stem", place), "stem", place)
                                                : optional_text(object, "question", place)};
  Choices choices = read_choices_member(need(is_nested ? *stem : object, "choices", place), place);
  question.choices = choices.texts;
  check_question(question);
  check_names(choices.names, place);
  const json& label = label_of(object);
  question.form = form_of_label(label, choices);
  if (choices.are_named) question.names = choices.names;
  if (with_label) question.label = parse_label(label, choices, place);
  return question;
}

ChoiceFile read_choice_lines(const fs::path& path) {
  const std::string content = decode_file(read_file(path), "utf-8", path.string());
  ChoiceFile file;
  std::set<std::string> ids;
  JsonRecords records(content, path.string());
  for (std::string_view line; records.next(line);) {
    const Place& place = records.place();
    file.records.push_back(parse_choice_line(line, place, /*with_label=*/true));
    const std::string& id = file.records.back().id;
    if (!ids.insert(id).second) throw DataError("{}: the id {} occurs twice", place.to_string(), shortened(id));
  }
  return file;
}

}  // namespace albert::tasks
