#include "tokenizers.h"

#include <cstdint>
#include <string>
#include <vector>

#include "fuzz.h"
#include "text/wordpiece_tokenizer.h"

namespace albert::fuzz {

namespace {

/// Requires places within the text, and ids of the vocabulary.
std::vector<std::int32_t> checked_ids(const text::Tokenizer& tokenizer, std::string_view text,
                                      const std::vector<text::Piece>& pieces) {
  std::vector<std::int32_t> ids;
  for (const text::Piece& piece : pieces) {
    require(piece.begin <= piece.end && piece.end <= text.size());
    require(piece.id >= 0 && piece.id < tokenizer.vocabulary_size());
    ids.push_back(piece.id);
  }
  return ids;
}

}  // namespace

std::shared_ptr<const text::Tokenizer> letter_tokenizer() {
  std::string vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
  for (char c = '!'; c <= '~'; ++c) {
    vocabulary += std::string(1, c) + '\n';
    if (c >= '0') vocabulary += std::string("##") + c + '\n';
  }
  return std::make_shared<text::WordPieceTokenizer>(text::WordPieceVocabulary::parse(vocabulary, "vocab.txt"),
                                                    text::WordPieceSettings{});
}

void use(const text::Tokenizer& tokenizer, std::string_view text) {
  std::vector<std::int32_t> ids;
  tokenizer.encode(text, ids);
  const auto as_text = tokenizer.encode_with_offsets(text, text::SpecialTokens::kAsText);
  require(checked_ids(tokenizer, text, as_text) == ids);
  constexpr std::size_t kMemoryBytes = std::size_t{16} << 10;
  std::vector<std::int32_t> faster_ids;
  tokenizer.make_encoder(kMemoryBytes)->encode(text, faster_ids);
  require(faster_ids == ids);
  const auto parsed = tokenizer.encode_with_offsets(text, text::SpecialTokens::kParse);
  tokenizer.decode(checked_ids(tokenizer, text, parsed), /*keep_special=*/true);
  tokenizer.decode(ids);
  for (std::int32_t id = 0; id < tokenizer.vocabulary_size(); ++id) {
    tokenizer.piece(id);
    tokenizer.starts_word(id);
  }
}

}  // namespace albert::fuzz
