#include "tasks/choice/readers.h"

#include <string>

#include "base/error.h"
#include "base/file.h"
#include "tasks/common/json_object.h"

namespace albert::tasks {

namespace {

ChoiceFile read(const fs::path& path) {
  if (fs::is_directory(path)) return read_race(path);
  if (are_json_lines(path)) return read_choice_lines(path);
  if (path.extension() == ".csv" || path.extension().empty()) return read_choice_csv(path);
  throw DataError("{}: expected questions in .csv (ARC, SWAG) or .jsonl (an object a line), or a folder of RACE",
                  path.string());
}

}  // namespace

ChoiceFile read_choices(const fs::path& path) {
  ChoiceFile file = read(path);
  for (const ChoiceQuestion& question : file.records) {
    check_question(question);
    if (question.label.has_value() != file.is_labelled()) {
      throw DataError("{}: {} answer, but the first question of the file has {}; expected answers of all or of none",
                      question.place.to_string(), question.label ? "it has an" : "it has no",
                      question.label ? "none" : "one");
    }
  }
  return file;
}

}  // namespace albert::tasks
