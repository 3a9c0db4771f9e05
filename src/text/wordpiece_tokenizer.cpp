#include "text/wordpiece_tokenizer.h"

#include <algorithm>
#include <array>

#include "base/checksum.h"
#include "base/error.h"
#include "text/special_tokens.h"
#include "text/wordpiece.h"
#include "text/wordpiece_files.h"

namespace albert::text {
namespace {

/// What stands at the beginning of a word that is written without a space before it (the tokenizers library,
/// decoders/wordpiece.rs).
constexpr std::array<std::string_view, 9> kWithoutSpace = {".", "?", "!", ",", "n't", "'m", "'s", "'ve", "'re"};

bool goes_without_space(std::string_view piece) {
  return std::any_of(kWithoutSpace.begin(), kWithoutSpace.end(),
                     [piece](std::string_view beginning) { return piece.starts_with(beginning); });
}

/// The bytes of the original that bytes of a normalised text stand for.
Span original(const NormalizedText& text, std::size_t begin, Span span) {
  return {text.spans[begin + span.begin].begin, text.spans[begin + span.end - 1].end};
}

}  // namespace

WordPieceTokenizer::WordPieceTokenizer(WordPieceVocabulary vocabulary, const WordPieceSettings& settings)
    : vocabulary_(std::move(vocabulary)),
      settings_{.do_lower_case = settings.do_lower_case, .keep_accents = !settings.strips_accents()},
      basic_(settings),
      wordpiece_(vocabulary_) {}

std::unique_ptr<Encoder> WordPieceTokenizer::make_encoder(std::size_t memory_bytes) const {
  return std::make_unique<WordPieceEncoder>(basic_, wordpiece_, memory_bytes);
}

std::vector<Piece> WordPieceTokenizer::encode_with_offsets(std::string_view text, SpecialTokens special) const {
  check_text_size(text);
  std::vector<Piece> pieces;
  BasicTokenizer::Word word;
  const auto on_text = [&](std::size_t begin, std::size_t end) {
    const std::string_view part = text.substr(begin, end - begin);
    for (std::size_t position = 0; basic_.next(part, position, word);) {
      wordpiece_.segment(word, static_cast<std::uint32_t>(begin), pieces);
    }
  };
  const auto on_token = [&](const SpecialMatch& match) {
    pieces.push_back({in_order(vocabulary_.special)[match.token], static_cast<std::uint32_t>(match.begin),
                      static_cast<std::uint32_t>(match.end)});
  };
  split_at_special_tokens(text, special, kWordPieceSpecialTokens, on_text, on_token);
  return pieces;
}

void WordPieceTokenizer::append_pieces(const NormalizedText& text, std::size_t begin, std::size_t end,
                                       std::vector<Piece>& pieces) const {
  const std::string_view part = std::string_view(text.text).substr(begin, end - begin);
  BasicTokenizer::Word word;  // what is normalised stays as it is when it is taken apart
  for (std::size_t position = 0; basic_.next(part, position, word);) {
    for (Span& span : word.spans) span = original(text, begin, span);
    word.span = original(text, begin, word.span);
    wordpiece_.segment(word, 0, pieces);
  }
}

bool WordPieceTokenizer::is_special(std::int32_t id) const {
  const std::array<std::int32_t, 5> special = in_order(vocabulary_.special);
  return std::ranges::find(special, id) != special.end();
}

void WordPieceTokenizer::append_decoded(std::string_view piece, bool first, std::string& text) const {
  if (!first && piece.starts_with(kContinuation)) {
    piece.remove_prefix(kContinuation.size());
  } else if (!first && !goes_without_space(piece)) {
    text += ' ';
  }
  text += piece;
}

std::vector<std::string> WordPieceTokenizer::words(std::string_view text) const {
  std::vector<std::string> words;
  BasicTokenizer::Word word;
  for (std::size_t position = 0; basic_.next(text, position, word);) words.push_back(word.text);
  return words;
}

void WordPieceTokenizer::append_word(std::string_view word, std::vector<std::int32_t>& ids) const {
  wordpiece_.append_ids(word, ids);
}

std::shared_ptr<const VocabularyTokenizer> WordPieceTokenizer::with_words(std::span<const std::string> words) const {
  WordPieceVocabulary vocabulary = vocabulary_;
  vocabulary.pieces.insert(vocabulary.pieces.end(), words.begin(), words.end());
  return std::make_shared<WordPieceTokenizer>(std::move(vocabulary), basic_.settings());
}

std::string_view WordPieceTokenizer::piece(std::int32_t id) const {
  if (id < 0 || id >= vocabulary_size())
    throw DataError("id {} is not in the vocabulary of {} pieces", id, vocabulary_size());
  return vocabulary_.pieces[static_cast<std::size_t>(id)];
}

std::string WordPieceTokenizer::fingerprint() const {
  const WordPieceSettings& settings = basic_.settings();
  Checksum checksum;
  checksum.update(fmt::format("wordpiece do_lower_case={} strips_accents={} tokenize_chinese_chars={}\n",
                              settings.do_lower_case, settings.strips_accents(), settings.tokenize_chinese_chars));
  checksum.update(vocabulary_.to_text());
  return checksum.hex();
}

void WordPieceTokenizer::save_with(const std::filesystem::path& folder, std::int64_t max_length,
                                   std::span<const AddedToken> added) const {
  write_wordpiece_files(folder, vocabulary_, basic_.settings(), max_length, added);
}

}  // namespace albert::text
