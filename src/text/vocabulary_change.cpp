#include "text/vocabulary_change.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/shown.h"
#include "base/utf8.h"
#include "text/basic_tokenizer.h"
#include "text/extended_tokenizer.h"
#include "text/piece_spelling.h"
#include "text/special_tokens.h"
#include "text/wordpiece_vocabulary.h"

namespace albert::text {

namespace {

/// Throws if ids behind the pieces are taken.
void check_room(const Tokenizer& tokenizer, const VocabularyTokenizer& vocabulary) {
  if (tokenizer.vocabulary_size() == vocabulary.vocabulary_size()) return;
  std::vector<std::string> taken;
  for (const AddedToken& token : tokenizer.added_tokens()) {
    if (token.id >= vocabulary.vocabulary_size()) taken.push_back(token.content);
  }
  throw ModelError(
      "tokens that were added to the vocabulary ({}) have the ids {} to {}, right behind its pieces, where new pieces "
      "would go, and every id has to stay; extend the model as it was before they were added, and add them afterwards",
      listed(taken), vocabulary.vocabulary_size(), tokenizer.vocabulary_size() - 1);
}

std::string without_mark(std::string_view word) {
  return std::string(word.starts_with(kWordMark) ? word.substr(kWordMark.size()) : word);
}

std::shared_ptr<const Tokenizer> with_words(const Tokenizer& before, std::span<const std::string> words) {
  const std::span<const AddedToken> added = before.added_tokens();
  return with_added_tokens(vocabulary_of(before).with_words(words), {added.begin(), added.end()});
}

/// The old pieces of which a row is made: all but unknown ones.
std::vector<std::int32_t> known_ids(std::vector<std::int32_t> ids, std::int32_t unknown) {
  std::erase(ids, unknown);
  return ids;
}

/// Takes the words out that a tokenizer with them does not give as one piece.
std::vector<std::string> take_unfound(const Tokenizer& extended, std::int32_t first_id,
                                      std::vector<std::string>& words) {
  std::vector<std::string> unfound;
  std::int32_t id = first_id;
  std::erase_if(words, [&](const std::string& word) {
    std::vector<std::int32_t> ids;
    extended.encode(without_mark(word), ids);
    const bool is_found = ids == std::vector{id++};
    if (!is_found) unfound.push_back(without_mark(word));
    return !is_found;
  });
  return unfound;
}

bool stands_alone_in_wordpiece(std::string_view text) {
  const UChar32 c = text.empty() ? kNoCodePoint : pop_front(text);
  return c != kNoCodePoint && text.empty() && (is_bert_punctuation(c) || is_bert_chinese(c));
}

/// Finds what an old vocabulary has for a new piece.
class OldPieces {
 public:
  explicit OldPieces(const Tokenizer& tokenizer) : tokenizer_(tokenizer), vocabulary_(vocabulary_of(tokenizer)) {
    const std::array<std::int32_t, 5> special = in_order(tokenizer.special());
    for (std::int32_t id = 0; id < tokenizer.vocabulary_size(); ++id) {
      if (std::ranges::find(special, id) != special.end()) continue;
      const PieceSpelling spelling = spelling_of(tokenizer, id);
      ids_[{std::string(spelling.text), spelling.begins_word}] = id;  // of equal ones the last counts
    }
  }

  /// The piece that is the same.
  std::optional<std::int32_t> find(const PieceSpelling& spelling, VocabularyKind kind) const {
    std::vector<bool> marks = {spelling.begins_word};
    if (kind != tokenizer_.kind() && stands_alone_in_wordpiece(spelling.text)) {
      const bool usual = tokenizer_.kind() == VocabularyKind::kWordPiece;
      marks = {usual, !usual};
    }
    for (const bool begins_word : marks) {
      const auto found = ids_.find({std::string(spelling.text), begins_word});
      if (found != ids_.end()) return found->second;
    }
    return std::nullopt;
  }

  /// The pieces that its text is cut into, but for unknown ones.
  std::vector<std::int32_t> cut(const PieceSpelling& spelling) const {
    std::vector<std::string> words = vocabulary_.words(spelling.text);
    if (!words.empty() && !spelling.begins_word) words[0] = going_on(words[0]);
    std::vector<std::int32_t> ids;
    for (const std::string& word : words) vocabulary_.append_word(word, ids);
    return known_ids(std::move(ids), tokenizer_.special().unknown);
  }

 private:
  /// A word as what goes on with another one.
  std::string going_on(const std::string& word) const {
    if (tokenizer_.kind() == VocabularyKind::kSentencePiece) return without_mark(word);
    return stands_alone_in_wordpiece(word) ? word : std::string(kContinuation) + word;
  }

  const Tokenizer& tokenizer_;
  const VocabularyTokenizer& vocabulary_;
  std::map<std::pair<std::string, bool>, std::int32_t> ids_;
};

/// The old special token that is for the same as a new one.
std::optional<std::int32_t> special_of(std::int32_t id, const Tokenizer& after, const Tokenizer& before) {
  const std::array<std::int32_t, 5> ids = in_order(after.special());
  const auto* const found = std::ranges::find(ids, id);
  if (found == ids.end()) return std::nullopt;
  return in_order(before.special())[static_cast<std::size_t>(found - ids.begin())];
}

/// How a new piece is spelled; an added token is a word, whatever it begins with.
PieceSpelling spelling_of_new(const Tokenizer& tokenizer, std::int32_t id) {
  if (id < vocabulary_of(tokenizer).vocabulary_size()) return spelling_of(tokenizer, id);
  return {.text = tokenizer.piece(id), .begins_word = true};
}

}  // namespace

VocabularyChange extend_vocabulary(const Tokenizer& before, std::span<const std::string> words) {
  const VocabularyTokenizer& vocabulary = vocabulary_of(before);
  check_room(before, vocabulary);
  VocabularyChange change;
  change.keeps_ids = true;
  change.num_pieces_before = before.vocabulary_size();
  std::vector<std::string> found(words.begin(), words.end());
  change.tokenizer = with_words(before, found);
  change.left_out = take_unfound(*change.tokenizer, before.vocabulary_size(), found);
  if (!change.left_out.empty()) change.tokenizer = with_words(before, found);
  for (std::int32_t id = 0; id < before.vocabulary_size(); ++id) change.rows.push_back({id});
  change.num_kept = before.vocabulary_size();
  for (const std::string& word : found) {
    std::vector<std::int32_t> ids;
    vocabulary.append_word(word, ids);
    change.rows.push_back(known_ids(std::move(ids), before.special().unknown));
    ++(change.rows.back().empty() ? change.num_from_all : change.num_from_pieces);
  }
  return change;
}

VocabularyChange replace_vocabulary(const Tokenizer& before, std::shared_ptr<const Tokenizer> after) {
  const OldPieces old(before);
  VocabularyChange change;
  change.num_pieces_before = before.vocabulary_size();
  for (std::int32_t id = 0; id < after->vocabulary_size(); ++id) {
    const PieceSpelling spelling = spelling_of_new(*after, id);
    auto same = special_of(id, *after, before);
    if (!same) same = old.find(spelling, after->kind());
    change.rows.push_back(same ? std::vector{*same} : old.cut(spelling));
    ++(same ? change.num_kept : change.rows.back().empty() ? change.num_from_all : change.num_from_pieces);
  }
  change.tokenizer = std::move(after);
  return change;
}

}  // namespace albert::text
