#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
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

/// Whether a tag is of a scheme for spans: "O", or a letter with a type behind it ("B-PER") or alone. The letters are
/// B and I of IOB1 and BIO, E and S of BIOES, and those that stand for them elsewhere: L (E) and U (S) of BILOU, M (I)
/// of BMES, W (S) of BMEWO.
bool is_entity_tag(std::string_view tag);

/// "PER" of "B-PER"; "_" of a letter alone; empty of a tag outside of entities ("O").
std::string_view entity_type(std::string_view tag);

/// The entities of a sentence, by tags of these schemes, as seqeval's default mode reads them (get_entities, which
/// follows conlleval) once all are BIOES: a tag that cannot continue the entity before it begins one, so that no
/// sequence of tags is wrong.
/// \param tags of the words
std::vector<Entity> find_entities(std::span<const std::string> tags);

/// What was found in the sentences so far.
class EntityCounts {
 public:
  /// Counts a sentence.
  /// \param gold, predicted a tag for each word; a gold tag that is empty is not known
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
