// Questions with choices: ARC, SWAG and JSON lines, and a part of RACE.
#include "answers.h"
#include "fuzz.h"

namespace albert::fuzz {

void read(std::string_view input) {
  static DataSetReader reader({"race", "arc"}, {{"choices.csv"}, {"choices.jsonl"}, {"race", "race/middle/1.txt"}});
  reader.read(input);
}

}  // namespace albert::fuzz
