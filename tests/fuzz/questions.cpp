// Questions about texts: SQuAD, CMRC 2018, and rows of JSON.
#include "answers.h"
#include "fuzz.h"

namespace albert::fuzz {

void read(std::string_view input) {
  static DataSetReader reader({"squad1", "squad2", "cmrc2018"}, {{"questions.json"}, {"questions.jsonl"}});
  reader.read(input);
}

}  // namespace albert::fuzz
