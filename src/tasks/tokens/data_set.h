#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tasks/task.h"
#include "tasks/tokens/labels.h"
#include "tasks/tokens/sentence_set.h"
#include "tasks/tokens/tagged_text.h"

namespace albert::tasks {

/// The tagged sentences of one file, ready for the model, and its scores of them.
class TokenDataSet final : public DataSet {
 public:
  /// Throws DataError for a tag that is not among the definition's labels.
  TokenDataSet(const TaskDefinition& definition, TaggedFile file, std::shared_ptr<const text::Tokenizer> tokenizer,
               std::size_t num_of_other_part);

  std::size_t num_items() const override { return set_.num_items(); }
  const model::Item& item(std::size_t index) const override { return set_.item(index); }
  void take_scores(std::size_t index, std::span<const float> scores) override { set_.take_scores(index, scores); }

  std::size_t num_examples() const override { return file_.sentences.size(); }
  bool is_labelled() const override { return file_.is_labelled; }
  std::string describe() const override;
  Judgement judge() const override;
  /// The file with a column of predicted tags added; of CoNLL-U, with the column filled.
  void write_predictions(const std::filesystem::path& file) const override;

 private:
  std::vector<std::string> predicted(std::size_t sentence) const { return labels_.tags(set_.choices(sentence)); }

  TokenConfig config_;
  TaggedFile file_;
  std::size_t num_of_other_part_;
  TokenLabels labels_;
  SentenceSet set_;
};

}  // namespace albert::tasks
