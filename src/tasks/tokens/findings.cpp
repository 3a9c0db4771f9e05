#include "tasks/tokens/findings.h"

namespace albert::tasks {

TagFindings find_in_tags(TagScoring scoring, const TaggedFile& file, std::span<const TagAnswer> answers) {
  TagFindings findings{.are_entities = scoring == TagScoring::kEntities, .examples = {}};
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const TaggedSentence& sentence = file.records[i];
    findings.examples.push_back({.place = sentence.place,
                                 .words = sentence.words,
                                 .gold = sentence.tags,
                                 .predicted = answers[i].tags,
                                 .probabilities = answers[i].probabilities});
  }
  return findings;
}

}  // namespace albert::tasks
