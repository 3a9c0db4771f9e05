// Texts in tables and JSON lines: one's own, and those of GLUE.
#include "answers.h"
#include "fuzz.h"

namespace albert::fuzz {

void read(std::string_view input) {
  static DataSetReader reader(
      {"classification", "multilabel", "regression", "embedding", "cola", "mrpc", "mnli", "qqp", "stsb", "ax"},
      {{"texts.tsv"}, {"texts.csv"}, {"texts.jsonl"}});
  reader.read(input);
}

}  // namespace albert::fuzz
