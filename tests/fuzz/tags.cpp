// Tagged words: CoNLL, CoNLL-U, rows, and JSON lines.
#include "answers.h"
#include "fuzz.h"

namespace albert::fuzz {

void read(std::string_view input) {
  static DataSetReader reader({"conll", "wnut17", "ud_pos"},
                              {{"words.conll"}, {"words.conllu"}, {"words.tsv"}, {"words.jsonl"}});
  reader.read(input);
}

}  // namespace albert::fuzz
