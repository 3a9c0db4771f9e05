#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "metrics/entities.h"
#include "metrics/report.h"
#include "tasks/tokens/tagged_predictions.h"
#include "tasks/tokens/tagged_text.h"

namespace albert::tasks {

/// What counts as right.
enum class TagScoring {
  kEntities,  ///< the whole span of words and its type, as seqeval computes it: precision, recall, f1
  kTags,      ///< the tag of each word: accuracy
};

/// Compares predicted tags with the right ones, sentence after sentence.
class TagJudge {
 public:
  explicit TagJudge(TagScoring scoring) : scoring_(scoring) {}

  void add(const Tags& gold, const Tags& predicted);
  metrics::Report report() const;

 private:
  metrics::Report report_tags() const;

  TagScoring scoring_;
  metrics::EntityCounts entities_;
  std::map<std::pair<std::string, std::string>, std::int64_t> tags_;  ///< how often by gold, predicted
};

/// Throws DataError where entities are judged and a tag is none of IOB1, BIO or BIOES: seqeval and conlleval read any
/// tag as something, but another one is more likely a mistake.
void check_scheme(TagScoring scoring, const TaggedSentence& sentence);

/// The official score of a file of predictions, which with_predictions() describes.
/// Throws DataError if its sentences are not those of the gold file, for tags of no scheme (see check_scheme()), and
/// for CoNLL-U if what was predicted is the other column of tags.
metrics::Report score_tags(TagScoring scoring, const std::filesystem::path& gold,
                           const std::filesystem::path& predictions, const TagFormat& format);

}  // namespace albert::tasks
