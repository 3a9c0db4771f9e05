#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/added_token.h"
#include "text/token_finder.h"
#include "text/tokenizer.h"
#include "text/vocabulary_tokenizer.h"

namespace albert::text {

/// A vocabulary with tokens added to it, as by Transformers' add_tokens(): they are found in a text first, those that
/// are not normalised in the text as it stands, the others in what normalisation makes of the rest. What lies between
/// is encoded by itself. Unlike the five special tokens of every vocabulary, they are found in any text.
///
/// Ids and places are those of Transformers, but for what is said at the tokenizer of the vocabulary.
class ExtendedTokenizer final : public Tokenizer {
 public:
  /// \param added each with the id of a piece of its spelling, or the next one behind the vocabulary
  /// \param special how the special tokens of the vocabulary are found where a text is parsed
  /// Throws ModelError for tokens that cannot be told apart in a text.
  ExtendedTokenizer(std::shared_ptr<const VocabularyTokenizer> vocabulary, std::vector<AddedToken> added,
                    const std::vector<AddedToken>& special);

  std::unique_ptr<Encoder> make_encoder(std::size_t memory_bytes) const override;
  std::vector<Piece> encode_with_offsets(std::string_view text, SpecialTokens special) const override;
  /// A token that is found in normalised text is decoded as it stands there; where that is not how it is spelled, it is
  /// decoded though it be special, as by the tokenizers library.
  std::string decode(std::span<const std::int32_t> ids, bool keep_special) const override;

  VocabularyKind kind() const override { return vocabulary_->kind(); }
  std::int32_t vocabulary_size() const override { return size_; }
  std::string_view piece(std::int32_t id) const override;
  bool starts_word(std::int32_t id) const override;
  const SpecialIds& special() const override { return vocabulary_->special(); }
  const TokenizerSettings& settings() const override { return vocabulary_->settings(); }
  std::span<const AddedToken> added_tokens() const override { return added_; }
  std::string fingerprint() const override;
  void save(const std::filesystem::path& folder, std::int64_t max_length) const override;

  const VocabularyTokenizer& vocabulary() const { return *vocabulary_; }

 private:
  class FastEncoder;

  const AddedToken* find_added(std::int32_t id) const;
  bool has_normalized(std::string_view part, NormalizedText& normalized,
                      std::vector<TokenFinder::Match>& matches) const;
  void append_part(std::string_view part, std::uint32_t offset, std::vector<Piece>& pieces) const;

  std::shared_ptr<const VocabularyTokenizer> vocabulary_;
  std::vector<AddedToken> added_;  ///< by id
  std::int32_t size_;
  std::map<std::int32_t, std::string> decoded_;  ///< of those that are found in normalised text
  TokenFinder verbatim_;                         ///< those that are not normalised
  TokenFinder parsing_;                          ///< the same with the special tokens of the vocabulary
  TokenFinder normalized_;
};

/// The vocabulary itself where nothing is added to it.
/// \param added those of the vocabulary's own special tokens among it say how these are found
std::shared_ptr<const Tokenizer> with_added_tokens(std::shared_ptr<const VocabularyTokenizer> vocabulary,
                                                   std::vector<AddedToken> added);

/// The vocabulary of a tokenizer that Tokenizer::open() or this file made, without what is added to it; it lives as long
/// as the tokenizer.
const VocabularyTokenizer& vocabulary_of(const Tokenizer& tokenizer);

/// A vocabulary of which no file says what is added to it: with its verbatim_symbols().
std::shared_ptr<const Tokenizer> with_verbatim_symbols(std::shared_ptr<const VocabularyTokenizer> vocabulary);

}  // namespace albert::text
