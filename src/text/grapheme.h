#pragma once

#include <unicode/umachine.h>

namespace albert::text {

/// Tells, character by character, where an extended grapheme cluster ends (Unicode Standard Annex #29, rules GB3 to
/// GB13).
class GraphemeCluster {
 public:
  explicit GraphemeCluster(UChar32 first);

  /// Whether `next` still belongs to the cluster; if so, it is taken in.
  bool take(UChar32 next);

 private:
  bool joins(int next_class, bool next_pictographic) const;

  int last_class_;         ///< Grapheme_Cluster_Break of the last character
  bool pictographic_;      ///< the cluster so far is an emoji and what extends it
  bool odd_flag_letters_;  ///< an odd number of regional indicators ends the cluster
};

}  // namespace albert::text
