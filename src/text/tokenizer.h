#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/added_token.h"

namespace albert::text {

/// Encodes much text on one thread: it remembers the words it has seen, so that a word is segmented once. Made by
/// Tokenizer::make_encoder; gives the ids that Tokenizer::encode gives, only faster. Not safe to share between threads.
class Encoder {
 public:
  virtual ~Encoder() = default;

  /// Appends the ids of a text, special tokens as text, without [CLS] and [SEP].
  virtual void encode(std::string_view text, std::vector<std::int32_t>& ids) = 0;
};

/// A piece of an encoded text. `begin` and `end` are byte offsets into the original UTF-8 text, end excluded; a piece
/// that stands for no character of it (a lone prefix) has begin == end.
struct Piece {
  std::int32_t id;
  std::uint32_t begin;
  std::uint32_t end;
};

/// How text is normalised before segmentation; stored with the vocabulary in tokenizer_config.json.
struct TokenizerSettings {
  bool do_lower_case = true;
  bool keep_accents = false;
};

/// Ids that every ALBERT vocabulary has.
struct SpecialIds {
  std::int32_t pad;
  std::int32_t unknown;
  std::int32_t cls;
  std::int32_t sep;
  std::int32_t mask;
};

/// How the pieces of a vocabulary are found and spelled.
enum class VocabularyKind {
  kSentencePiece,  ///< a piece that begins with "▁" has a space before it
  kWordPiece,      ///< a piece that begins with "##" has none
};

/// Whether "[CLS]", "[MASK]" and their like in a text are plain characters or the special tokens they name.
enum class SpecialTokens { kAsText, kParse };

/// A vocabulary with its normalisation. Immutable, and safe to use from several threads.
class Tokenizer {
 public:
  /// Opens a tokenizer or model folder, with a `spiece.model` or a WordPiece `vocab.txt`, or with a `tokenizer.json`
  /// alone (see read_json_vocabulary()), and with the tokens that its files add (see read_added_tokens()); or such a
  /// file by itself (WordPiece if its name ends in .txt; then lower-cased, accents stripped).
  /// Throws ModelError naming the file and what is wrong with it: both in one folder, a tokenizer_config.json that
  /// belongs to the other kind, or a tokenizer.json of other pieces.
  static std::shared_ptr<const Tokenizer> open(const std::filesystem::path& path);

  virtual ~Tokenizer() = default;

  /// Appends the ids of a text, special tokens as text, without [CLS] and [SEP].
  void encode(std::string_view text, std::vector<std::int32_t>& ids) const;
  /// The same ids, faster: one such object per thread for much text. It must not outlive the tokenizer.
  /// \param memory_bytes bound on what it remembers
  virtual std::unique_ptr<Encoder> make_encoder(std::size_t memory_bytes = std::size_t{32} << 20) const = 0;
  /// The same pieces, with their places in the text.
  virtual std::vector<Piece> encode_with_offsets(std::string_view text, SpecialTokens special) const = 0;
  /// Text again; special tokens are left out unless `keep_special`.
  virtual std::string decode(std::span<const std::int32_t> ids, bool keep_special = false) const = 0;

  virtual VocabularyKind kind() const { return VocabularyKind::kSentencePiece; }
  virtual std::int32_t vocabulary_size() const = 0;
  /// The piece as the vocabulary spells it ("▁the", "##ing").
  /// Throws DataError for an id outside the vocabulary.
  virtual std::string_view piece(std::int32_t id) const = 0;
  /// Whether a piece begins a word by Google's rule for whole-word masking (google-research/albert
  /// create_pretraining_data.py:393-416).
  virtual bool starts_word(std::int32_t id) const = 0;
  virtual const SpecialIds& special() const = 0;
  virtual const TokenizerSettings& settings() const = 0;
  /// What was added to the vocabulary and is found in a text before it, by id.
  virtual std::span<const AddedToken> added_tokens() const { return {}; }
  /// Checksum of vocabulary and settings: equal when every text gets the same ids.
  virtual std::string fingerprint() const = 0;
  /// Writes the files of the tokenizer (spiece.model or vocab.txt, tokenizer.json, tokenizer_config.json,
  /// special_tokens_map.json) into a folder.
  /// \param max_length what tokenizer_config.json says in model_max_length
  virtual void save(const std::filesystem::path& folder, std::int64_t max_length = 512) const = 0;
};

}  // namespace albert::text
