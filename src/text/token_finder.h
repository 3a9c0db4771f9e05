#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/added_token.h"
#include "text/piece_trie.h"

namespace albert::text {

/// Finds added tokens in a text: from the left, of those that begin at one place the longest.
class TokenFinder {
 public:
  /// A token and the bytes that it takes of the text, with the white space that it strips.
  struct Match {
    std::int32_t id;
    std::size_t begin;
    std::size_t end;
  };

  /// \param tokens each with the spelling that is looked for
  /// Throws ModelError for a spelling that is empty, too long, or that of two tokens.
  explicit TokenFinder(std::vector<std::pair<std::string, AddedToken>> tokens);

  bool empty() const { return tokens_.empty(); }
  /// In order.
  std::vector<Match> find(std::string_view text) const;

  /// Takes a text apart in order: `on_token(match)` for each match, `on_text(begin, end)` for what lies between.
  template <typename OnText, typename OnToken>
  static void split(std::size_t size, const std::vector<Match>& matches, const OnText& on_text,
                    const OnToken& on_token) {
    std::size_t done = 0;
    for (const Match& match : matches) {
      if (done < match.begin) on_text(done, match.begin);
      on_token(match);
      done = match.end;
    }
    if (done < size) on_text(done, size);
  }

 private:
  std::size_t match_at(std::string_view text, std::size_t begin, std::int32_t& token) const;

  std::vector<std::pair<std::string, AddedToken>> tokens_;
  PieceTrie trie_;
};

}  // namespace albert::text
