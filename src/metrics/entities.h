#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "metrics/match_scores.h"
#include "metrics/report.h"

namespace albert::metrics {

/// Some words that name a thing.
struct Entity {
  std::string type;       ///< "PER"; "_" for tags that name no type ("B")
  std::size_t begin = 0;  ///< the first word
  std::size_t end = 0;    ///< past the last word

  auto operator<=>(const Entity&) const = default;
};

/// The entities of a sentence, by tags in IOB1, BIO or BIOES, as seqeval's default mode reads them (get_entities, which
/// follows conlleval): a tag that cannot continue the entity before it begins one, so that no sequence of tags is
/// wrong.
/// \param tags of the words: "O", "B-PER", "I-PER", "E-PER", "S-PER"
std::vector<Entity> find_entities(std::span<const std::string> tags);

/// What was found in the sentences so far.
class EntityCounts {
 public:
  /// Counts a sentence.
  /// \param gold, predicted a tag for each word
  /// Throws InternalError if they are of different numbers.
  void add(std::span<const std::string> gold, std::span<const std::string> predicted);

  const std::map<std::string, MatchCounts>& types() const { return types_; }
  MatchCounts total() const;
  std::int64_t num_words() const { return num_words_; }
  std::int64_t num_correct_words() const { return num_correct_words_; }

 private:
  std::map<std::string, MatchCounts> types_;
  std::int64_t num_words_ = 0;
  std::int64_t num_correct_words_ = 0;
};

/// The figures, equal to seqeval's in its default mode, with those of each type:
/// - precision, recall, f1: over all entities (micro-averaged)
/// - macro_f1: the mean over their types
/// - accuracy: of the words' tags
Report judge_entities(const EntityCounts& counts);

}  // namespace albert::metrics
