#include "tasks/tokens/data_set.h"

#include <spdlog/fmt/fmt.h>

#include "base/atomic_file.h"
#include "base/counted.h"
#include "tasks/common/parts.h"
#include "tasks/tokens/score.h"
#include "tasks/tokens/tagged_predictions.h"

namespace albert::tasks {

TokenDataSet::TokenDataSet(const TaskDefinition& definition, TaggedFile file,
                           std::shared_ptr<const text::Tokenizer> tokenizer, std::size_t num_of_other_part)
    : config_(definition.config.tokens),
      file_(std::move(file)),
      num_of_other_part_(num_of_other_part),
      labels_(definition),
      set_(std::move(tokenizer), definition.config.max_sequence_length, config_.stride) {
  for (const TaggedSentence& sentence : file_.sentences) {
    set_.add(sentence.words, labels_.classes(sentence));
  }
}

std::string TokenDataSet::describe() const {
  std::string text =
      fmt::format("{}, {}", counted(file_.sentences.size(), "sentence"), counted(file_.num_words, "word"));
  text += describe_share(num_of_other_part_);
  if (set_.num_long() > 0) text += fmt::format("; {} read in windows", counted(set_.num_long(), "long sentence"));
  if (set_.num_empty_words() > 0) {
    text += fmt::format("; the tag {1} for {0} of which the tokenizer leaves nothing",
                        counted(set_.num_empty_words(), "word"), labels_.fallback());
  }
  return text;
}

Judgement TokenDataSet::judge() const {
  TagJudge judge(config_.score);
  for (std::size_t i = 0; i < file_.sentences.size(); ++i) judge.add(file_.sentences[i].tags, predicted(i));
  return judge.report();
}

void TokenDataSet::write_predictions(const std::filesystem::path& file) const {
  std::vector<Tags> tags;
  tags.reserve(file_.sentences.size());
  for (std::size_t i = 0; i < file_.sentences.size(); ++i) tags.push_back(predicted(i));
  write_file_atomically(file, with_predictions(file_, tags, config_.format.conllu_tag));
}

}  // namespace albert::tasks
