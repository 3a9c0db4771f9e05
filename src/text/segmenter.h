#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/normalizer.h"
#include "text/tokenizer.h"
#include "text/unigram.h"
#include "text/word_memo.h"

namespace albert::text {

/// Plain text to pieces: normalises, splits at white space, puts "▁" before each word, and segments word by word, as
/// Transformers does. If the vocabulary has pieces with an inner "▁", which can only be found across words, the whole
/// text is segmented at once, as SentencePiece does (Transformers never finds such pieces). Immutable, and safe to use
/// from several threads.
class Segmenter {
 public:
  /// Memory that a thread lends; kept from call to call, it saves allocations.
  struct Scratch {
    NormalizedText normalized;
    std::string sequence;     ///< what is segmented at once: a word with its "▁", or the whole text
    std::vector<Span> spans;  ///< for every byte of the sequence, where it comes from
    Unigram::Scratch unigram;
    std::vector<Unigram::Segment> segments;
  };

  /// \param model must outlive this
  Segmenter(const SentencePieceModel& model, const TokenizerSettings& settings, std::int32_t unknown_id);

  /// Appends the ids of a text.
  void append_ids(std::string_view text, Scratch& scratch, std::vector<std::int32_t>& ids) const;
  /// Appends its pieces with their places in it.
  /// \param offset added to every place
  void append_pieces(std::string_view text, std::uint32_t offset, Scratch& scratch, std::vector<Piece>& pieces) const;
  /// The same for the bytes `begin` to `end` of a text that is normalised already, its places tracked.
  void append_pieces(const NormalizedText& text, std::size_t begin, std::size_t end, std::uint32_t offset,
                     Scratch& scratch, std::vector<Piece>& pieces) const;

  /// Appends the ids of a sequence that is normalised, and begins with "▁" if it is a word.
  /// \return the total score of its pieces
  double append_sequence(std::string_view sequence, Scratch& scratch, std::vector<std::int32_t>& ids) const;

  /// Whether the pieces of a word depend on nothing but the word.
  bool by_word() const { return by_word_; }
  const Normalizer& normalizer() const { return normalizer_; }

 private:
  template <typename Sink>
  void for_each_sequence(const NormalizedText& text, std::size_t begin, std::size_t end, Scratch& scratch,
                         const Sink& sink) const;

  bool by_word_;
  Normalizer normalizer_;
  Unigram unigram_;
};

/// The encoder for much text: looks each stretch of bytes between white space up as it stands, and normalises and
/// segments only those that it has not met.
class MemoEncoder final : public Encoder {
 public:
  /// \param segmenter must outlive this, and work by word
  MemoEncoder(const Segmenter& segmenter, std::size_t memory_bytes);

  void encode(std::string_view text, std::vector<std::int32_t>& ids) override;

 private:
  bool append_word(std::string_view word, std::vector<std::int32_t>& ids);

  const Segmenter& segmenter_;
  WordMemo memo_;
  Segmenter::Scratch scratch_;
};

}  // namespace albert::text
