#pragma once

#include <string>
#include <vector>

#include "tasks/definition.h"
#include "tasks/tokens/record.h"
#include "tasks/tokens/settings.h"

namespace albert::tasks {

/// Throws DataError where entities are judged and a tag is none of IOB1, BIO or BIOES: seqeval and conlleval read any
/// tag as something, but another one is more likely a mistake.
void check_scheme(TagScoring scoring, const TaggedSentence& sentence);

/// The tag of words of which the tokenizer leaves nothing: as configured, else "O", else the first.
std::string fallback_tag(const TaskDefinition& definition);

/// What training data say about the tags.
struct TagInventory {
  std::vector<std::string> tags;  ///< sorted by their bytes
  std::string most_frequent;      ///< of equals the first
};
/// \param file its name, for the message
/// Throws DataError if there are fewer than two tags to choose from; see check_scheme() too.
TagInventory take_inventory(const std::vector<TaggedSentence>& sentences, TagScoring scoring, const std::string& file);

}  // namespace albert::tasks
