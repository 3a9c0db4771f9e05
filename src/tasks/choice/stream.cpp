#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "base/error.h"
#include "tasks/choice/readers.h"
#include "tasks/common/tab_columns.h"

namespace albert::tasks {

namespace {

ChoiceQuestion parse_text(std::string_view line, const Place& place) {
  const std::vector<std::string_view> fields = split_fields(line);
  if (fields.size() < 4) {
    throw DataError(
        "{}: expected a context (or nothing), a question and two or more choices apart by tabs, found {} fields",
        place.to_string(), fields.size());
  }
  ChoiceQuestion question{.place = place, .context = std::string(fields[0]), .question = std::string(fields[1])};
  question.choices.assign(fields.begin() + 2, fields.end());
  check_question(question);
  return question;
}

/// Whether a column is named "choice_A" or the like.
bool names_letter(const std::string& name) {
  return name.size() == 8 && name.starts_with("choice_") && name[7] >= 'A' && name[7] <= 'Z';
}

/// The columns of a table by their places.
struct ChoiceColumns {
  TabColumns table;
  std::optional<std::size_t> context = {};
  std::size_t question = 0;
  std::vector<std::size_t> choices = {};
  /// "A", "B" ..., or whatever stands behind "choice"; empty: nothing does
  std::vector<std::string> choice_names = {};

  explicit ChoiceColumns(std::string_view header) : table(header), context(table.find("context")) {
    std::vector<std::string> names;
    for (const std::string& name : table.names()) {
      if (name.starts_with("choice")) names.push_back(name);
    }
    if (std::ranges::any_of(names, names_letter)) {  // the letters say which is which, wherever the columns stand
      std::ranges::sort(names);
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] != "choice_" + choice_letter(i)) refuse();
      }
    }
    for (const std::string& name : names) {
      choices.push_back(*table.find(name));
      choice_names.push_back(name.substr(name.starts_with("choice_") ? 7 : 6));
    }
    if (std::ranges::any_of(choice_names, &std::string::empty)) choice_names.clear();
    if (choices.size() < 2 || !table.find("question")) refuse();
    question = *table.find("question");
  }

  [[noreturn]] void refuse() const { table.refuse("columns named question and choice_A, choice_B ..., without a gap"); }

  ChoiceQuestion parse(std::string_view line, const Place& place) const {
    const std::vector<std::string_view> fields = table.split(line, place);
    ChoiceQuestion record{.place = place, .question = std::string(fields[question])};
    if (context) record.context = fields[*context];
    for (const std::size_t choice : choices) record.choices.emplace_back(fields[choice]);
    record.names = choice_names;
    check_question(record);
    return record;
  }
};

}  // namespace

StreamReader<ChoiceQuestion> open_choice_stream(RecordFormat format, std::string_view header) {
  if (format == RecordFormat::kText) return {.parse = parse_text};
  if (format == RecordFormat::kJsonl) {
    return {.parse = [](auto line, const Place& place) { return parse_choice_line(line, place, /*with_label=*/false); },
            .answer_names = {"prediction", "choice", "probabilities"}};
  }
  const ChoiceColumns columns(header);
  std::vector<std::string> added = {"answer"};
  for (std::size_t i = 0; i < columns.choices.size(); ++i) added.push_back("probability_" + choice_letter(i));
  return {.parse = [columns](auto line, const Place& place) { return columns.parse(line, place); },
          .columns = columns.table.names(),
          .num_columns = columns.table.names().size(),
          .answer_names = std::move(added)};
}

}  // namespace albert::tasks
