#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "corpus/encoding/min_hash.h"
#include "corpus/reading/document_stream.h"
#include "text/sentence_splitter.h"
#include "text/tokenizer.h"

namespace albert::corpus {

/// A paragraph of a block.
struct EncodedParagraph {
  std::uint64_t hash = 0;  ///< of its text
  std::uint32_t num_sentences = 0;
  std::uint32_t num_unknown = 0;  ///< tokens

  bool operator==(const EncodedParagraph&) const = default;
};

/// A character that the vocabulary lacks.
struct UnknownCharacter {
  std::uint32_t paragraph = 0;
  char32_t character = 0;
  std::uint32_t count = 0;  ///< in the paragraph

  bool operator==(const UnknownCharacter&) const = default;
};

/// A TextBlock as sentences of token ids.
struct EncodedBlock {
  std::vector<std::int32_t> ids;  ///< all sentences, end to end
  std::vector<std::size_t> ends;  ///< where each sentence ends in `ids`
  bool first = false;
  bool last = false;
  Hash128 hash;            ///< of the text; decides whether it is held out
  std::uint32_t file = 1;  ///< where the document begins, see TextBlock
  std::uint64_t document_begin = 0;
  std::vector<EncodedParagraph> paragraphs;
  std::vector<UnknownCharacter> unknown_characters;  ///< sorted by paragraph and character
  std::optional<MinHash> min_hash;                   ///< where it is asked for
  std::uint64_t num_cut_sentences = 0;

  std::size_t num_sentences() const { return ends.size(); }
  std::span<const std::int32_t> sentence(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends[i - 1];
    return std::span(ids).subspan(begin, ends[i] - begin);
  }
};

/// Splits and encodes blocks; one object per thread.
class BlockEncoder {
 public:
  /// A longer "sentence" is a table, a list or no language at all: it is cut between words, so that the memory for one
  /// is bounded and all of it can be learnt from.
  static constexpr std::size_t kMaxSentenceBytes = 8 << 10;

  /// \param tokenizer must outlive this object
  /// \param language see SentenceSplitter; empty: every line of a block is a sentence already
  /// \param min_hashes whether blocks get their MinHash
  BlockEncoder(const text::Tokenizer& tokenizer, const std::string& language, bool min_hashes = false);

  EncodedBlock encode(const TextBlock& block);

 private:
  void encode_paragraph(std::string_view paragraph, EncodedBlock& out);
  void encode_sentence(std::string_view sentence, EncodedBlock& out);
  enum class Knowledge : std::uint8_t { kNotLookedUp, kKnown, kUnknown };

  void count_unknown_characters(std::string_view sentence, EncodedBlock& out);
  bool is_unknown(char32_t c);

  const text::Tokenizer& tokenizer_;
  std::int32_t unknown_id_;
  std::unique_ptr<text::Encoder> encoder_;
  std::unique_ptr<text::SentenceSplitter> splitter_;  ///< none: a line is a sentence
  bool min_hashes_;
  std::vector<std::string_view> sentences_;
  std::vector<Knowledge> characters_;  ///< by their numbers
};

}  // namespace albert::corpus
