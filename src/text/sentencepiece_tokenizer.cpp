#include "text/sentencepiece_tokenizer.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/checksum.h"
#include "base/error.h"
#include "base/utf8.h"
#include "text/piece_spelling.h"
#include "text/segmenter.h"
#include "text/special_tokens.h"
#include "text/tokenizer_files.h"
#include "text/words.h"

namespace albert::text {
namespace {

/// By how much the score of a new piece is above that of its word's old pieces: more than what single precision, in
/// which SentencePiece adds the scores of a text, may lose; and little beside the scores of pieces, -3 to -15.
constexpr double kScoreAbove = 0.1;

/// The encoder for vocabularies whose pieces cross words: nothing to remember.
class PlainEncoder final : public Encoder {
 public:
  explicit PlainEncoder(const Segmenter& segmenter) : segmenter_(segmenter) {}
  void encode(std::string_view text, std::vector<std::int32_t>& ids) override {
    segmenter_.append_ids(text, scratch_, ids);
  }

 private:
  const Segmenter& segmenter_;
  Segmenter::Scratch scratch_;
};

SpecialIds find_special_ids(const SentencePieceModel& model, const std::string& name) {
  std::array<std::int32_t, kSpecialTokens.size()> found;
  for (std::size_t token = 0; token < found.size(); ++token) {
    const PieceType type = kSpecialTokens[token] == kUnknownToken ? PieceType::kUnknown : PieceType::kControl;
    found[token] = -1;
    for (std::size_t id = 0; id < model.pieces.size(); ++id) {
      const VocabularyPiece& piece = model.pieces[id];
      if (piece.type == type && piece.text == kSpecialTokens[token]) found[token] = static_cast<std::int32_t>(id);
    }
    if (found[token] < 0) {
      throw ModelError(
          "{}: the special token {} is not in the vocabulary; ALBERT needs <pad>, <unk>, [CLS], [SEP] and [MASK], as "
          "`albert tokenizer train` makes them",
          name, kSpecialTokens[token]);
    }
  }
  return special_ids(found);
}

}  // namespace

SentencePieceTokenizer::SentencePieceTokenizer(SentencePieceModel model, const TokenizerSettings& settings,
                                               const std::string& name)
    : model_(std::move(model)),
      settings_(settings),
      special_(find_special_ids(model_, name)),
      segmenter_(model_, settings, special_.unknown) {
  starts_word_.reserve(model_.pieces.size());
  for (const VocabularyPiece& entry : model_.pieces) starts_word_.push_back(piece_starts_word(entry.text));
}

std::unique_ptr<Encoder> SentencePieceTokenizer::make_encoder(std::size_t memory_bytes) const {
  if (segmenter_.by_word()) return std::make_unique<MemoEncoder>(segmenter_, memory_bytes);
  return std::make_unique<PlainEncoder>(segmenter_);
}

std::vector<Piece> SentencePieceTokenizer::encode_with_offsets(std::string_view text, SpecialTokens special) const {
  std::vector<Piece> pieces;
  Segmenter::Scratch scratch;
  const auto on_text = [&](std::size_t begin, std::size_t end) {
    segmenter_.append_pieces(text.substr(begin, end - begin), static_cast<std::uint32_t>(begin), scratch, pieces);
  };
  const auto on_token = [&](const SpecialMatch& match) {
    pieces.push_back({in_order(special_)[match.token], static_cast<std::uint32_t>(match.begin),
                      static_cast<std::uint32_t>(match.end)});
  };
  split_at_special_tokens(text, special, kSpecialTokens, on_text, on_token);
  return pieces;
}

void SentencePieceTokenizer::normalize(std::string_view text, NormalizedText& result) const {
  segmenter_.normalizer().normalize(text, result, Normalizer::Spans::kTrack);
}

void SentencePieceTokenizer::append_pieces(const NormalizedText& text, std::size_t begin, std::size_t end,
                                           std::vector<Piece>& pieces) const {
  Segmenter::Scratch scratch;
  segmenter_.append_pieces(text, begin, end, 0, scratch, pieces);
}

bool SentencePieceTokenizer::is_special(std::int32_t id) const {
  const PieceType type = entry(id).type;
  return type == PieceType::kControl || type == PieceType::kUnknown;
}

/// "▁" is a space, none at the beginning.
void SentencePieceTokenizer::append_decoded(std::string_view piece, bool first, std::string& text) const {
  for (std::size_t i = 0; i < piece.size();) {
    const bool mark = piece.substr(i).starts_with(kWordMark);
    if (mark && !first) text += ' ';
    if (!mark) text += piece[i];
    i += mark ? kWordMark.size() : 1;
  }
}

bool SentencePieceTokenizer::starts_word(std::int32_t id) const {
  entry(id);
  return starts_word_[static_cast<std::size_t>(id)];
}

std::string SentencePieceTokenizer::fingerprint() const {
  Checksum checksum;
  const auto add = [&checksum](std::string_view bytes) {
    checksum.update(fmt::format("{}:", bytes.size()));
    checksum.update(bytes);
  };
  add(fmt::format("sentencepiece do_lower_case={} keep_accents={}", settings_.do_lower_case, settings_.keep_accents));
  add(model_.charsmap);
  for (const VocabularyPiece& piece : model_.pieces) {
    add(piece.text);
    add(fmt::format("{} {}", piece.score, static_cast<int>(piece.type)));
  }
  return checksum.hex();
}

std::vector<AddedToken> SentencePieceTokenizer::verbatim_symbols() const {
  std::vector<AddedToken> symbols;
  for (std::size_t id = 0; id < model_.pieces.size(); ++id) {
    const VocabularyPiece& piece = model_.pieces[id];
    if (piece.type != PieceType::kUserDefined || segmenter_.normalizer().keeps(piece.text)) continue;
    symbols.push_back({.content = piece.text, .id = static_cast<std::int32_t>(id)});
  }
  return symbols;
}

void SentencePieceTokenizer::save_with(const std::filesystem::path& folder, std::int64_t max_length,
                                       std::span<const AddedToken> added) const {
  write_tokenizer_files(folder, model_, settings_, special_, max_length, added);
}

std::vector<std::string> SentencePieceTokenizer::words(std::string_view text) const {
  NormalizedText normalized;
  segmenter_.normalizer().normalize(text, normalized);
  std::vector<std::string> words;
  for (WordReader reader(normalized.text); reader.next();) {
    std::string& word = words.emplace_back(reader.word().starts_with(kWordMark) ? "" : kWordMark);
    word += reader.word();
  }
  return words;
}

void SentencePieceTokenizer::append_word(std::string_view word, std::vector<std::int32_t>& ids) const {
  Segmenter::Scratch scratch;
  segmenter_.append_sequence(word, scratch, ids);
}

std::shared_ptr<const VocabularyTokenizer> SentencePieceTokenizer::with_words(
    std::span<const std::string> words) const {
  const std::string name = "the extended vocabulary";
  SentencePieceModel model = SentencePieceModel::parse(with_pieces(model_.bytes, scored(words)), name);
  return std::make_shared<SentencePieceTokenizer>(std::move(model), settings_, name);
}

/// Words as pieces, with their scores.
std::vector<VocabularyPiece> SentencePieceTokenizer::scored(std::span<const std::string> words) const {
  Segmenter::Scratch scratch;
  std::vector<std::int32_t> ids;
  const auto score_without = [&](std::string_view sequence) {
    ids.clear();
    return segmenter_.append_sequence(sequence, scratch, ids);
  };
  std::vector<std::string_view> shortest_first(words.begin(), words.end());
  std::ranges::stable_sort(shortest_first, {}, &std::string_view::size);
  std::unordered_map<std::string_view, double> scores;
  for (const std::string_view word : shortest_first) {
    double best = score_without(word);
    // A new piece can be part of another one at its beginning only.
    for (std::size_t end = 1; end < word.size(); ++end) {
      const auto part = scores.find(word.substr(0, end));
      if (part != scores.end()) best = std::max(best, part->second + score_without(word.substr(end)));
    }
    scores[word] = double{static_cast<float>(best + kScoreAbove)};
  }
  std::vector<VocabularyPiece> pieces;
  for (const std::string& word : words) {
    pieces.push_back({word, static_cast<float>(scores.at(word)), PieceType::kNormal});
  }
  return pieces;
}

const VocabularyPiece& SentencePieceTokenizer::entry(std::int32_t id) const {
  if (id < 0 || id >= vocabulary_size())
    throw DataError("id {} is not in the vocabulary of {} pieces", id, vocabulary_size());
  return model_.pieces[static_cast<std::size_t>(id)];
}

}  // namespace albert::text
