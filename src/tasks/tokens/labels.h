#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "tasks/task.h"
#include "tasks/tokens/sentence_set.h"
#include "tasks/tokens/tagged_text.h"

namespace albert::tasks {

/// Tags as the classes of a model.
class TokenLabels {
 public:
  /// \param definition with its labels, and the fallback tag among them unless it is empty
  explicit TokenLabels(const TaskDefinition& definition);

  /// The classes of a sentence's tags; none if it has no tags. Throws DataError for a tag that is not known, with its
  /// line.
  std::vector<std::size_t> classes(const TaggedSentence& sentence) const;
  /// What the model's choices are called; the fallback tag where it has none.
  std::vector<std::string> tags(std::span<const std::optional<SentenceSet::Choice>> choices) const;
  const std::string& fallback() const { return fallback_; }

 private:
  std::vector<std::string> labels_;
  std::map<std::string, std::size_t> classes_;
  std::string fallback_;
};

/// What training data say about the tags.
struct TagInventory {
  std::vector<std::string> tags;  ///< sorted by their bytes
  std::string most_frequent;      ///< of equals the first
};
/// Throws DataError if there are fewer than two tags to choose from, and where entities are judged for a tag of no
/// scheme for them. \param file its name, for the message
TagInventory take_inventory(const std::vector<TaggedSentence>& sentences, TagScoring scoring, const std::string& file);

}  // namespace albert::tasks
