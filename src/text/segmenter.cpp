#include "text/segmenter.h"

#include <algorithm>

#include "text/utf8.h"
#include "text/words.h"

namespace albert::text {
namespace {

bool crosses_words(const VocabularyPiece& piece) {
  return piece.matches_text() && piece.text.find(kWordMark, 1) != std::string::npos;
}

}  // namespace

Segmenter::Segmenter(const SentencePieceModel& model, const TokenizerSettings& settings, std::int32_t unknown_id)
    : by_word_(std::none_of(model.pieces.begin(), model.pieces.end(), crosses_words)),
      normalizer_(settings, model.charsmap),
      unigram_(model, unknown_id) {}

/// Calls sink() for each sequence of the normalised text, its segments in scratch.segments.
template <typename Sink>
void Segmenter::for_each_sequence(Scratch& scratch, const Sink& sink) const {
  const NormalizedText& normalized = scratch.normalized;
  scratch.sequence.clear();
  scratch.spans.clear();
  const auto finish = [&] {
    scratch.segments.clear();
    unigram_.segment(scratch.sequence, scratch.unigram, scratch.segments);
    sink();
    scratch.sequence.clear();
    scratch.spans.clear();
  };
  const bool track = !normalized.spans.empty();
  for (WordReader reader(normalized.text); reader.next();) {
    const std::string_view word = reader.word();
    const std::size_t prefix = word.starts_with(kWordMark) ? 0 : kWordMark.size();
    scratch.sequence.append(kWordMark.substr(0, prefix)).append(word);
    if (track) {
      const auto spans = normalized.spans.begin() + static_cast<std::ptrdiff_t>(reader.begin());
      scratch.spans.insert(scratch.spans.end(), prefix, {spans->begin, spans->begin});
      scratch.spans.insert(scratch.spans.end(), spans, spans + static_cast<std::ptrdiff_t>(word.size()));
    }
    if (by_word_) finish();
  }
  if (!scratch.sequence.empty()) finish();
}

void Segmenter::append_ids(std::string_view text, Scratch& scratch, std::vector<std::int32_t>& ids) const {
  normalizer_.normalize(text, scratch.normalized);
  for_each_sequence(scratch, [&] {
    for (const Unigram::Segment& segment : scratch.segments) ids.push_back(segment.id);
  });
}

void Segmenter::append_pieces(std::string_view text, std::uint32_t offset, Scratch& scratch,
                              std::vector<Piece>& pieces) const {
  normalizer_.normalize(text, scratch.normalized, Normalizer::Spans::kTrack);
  for_each_sequence(scratch, [&] {
    for (const Unigram::Segment& segment : scratch.segments) {
      pieces.push_back(
          {segment.id, offset + scratch.spans[segment.begin].begin, offset + scratch.spans[segment.end - 1].end});
    }
  });
}

}  // namespace albert::text
