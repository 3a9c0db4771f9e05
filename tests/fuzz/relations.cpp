// Relations: SemEval-2010 Task 8, and JSON lines.
#include "answers.h"
#include "fuzz.h"

namespace albert::fuzz {

void read(std::string_view input) {
  static DataSetReader reader({"semeval2010"}, {{"relations.txt"}, {"relations.jsonl"}});
  reader.read(input);
}

}  // namespace albert::fuzz
