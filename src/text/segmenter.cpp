#include "text/segmenter.h"

#include <algorithm>

#include "text/special_tokens.h"
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

/// Calls sink() for each sequence of a part of the normalised text, its segments in scratch.segments.
template <typename Sink>
void Segmenter::for_each_sequence(const NormalizedText& text, std::size_t begin, std::size_t end, Scratch& scratch,
                                  const Sink& sink) const {
  scratch.sequence.clear();
  scratch.spans.clear();
  const auto finish = [&] {
    scratch.segments.clear();
    unigram_.segment(scratch.sequence, scratch.unigram, scratch.segments);
    sink();
    scratch.sequence.clear();
    scratch.spans.clear();
  };
  const bool track = !text.spans.empty();
  for (WordReader reader(std::string_view(text.text).substr(begin, end - begin)); reader.next();) {
    const std::string_view word = reader.word();
    const std::size_t prefix = word.starts_with(kWordMark) ? 0 : kWordMark.size();
    scratch.sequence.append(kWordMark.substr(0, prefix)).append(word);
    if (track) {
      const auto spans = text.spans.begin() + static_cast<std::ptrdiff_t>(begin + reader.begin());
      scratch.spans.insert(scratch.spans.end(), prefix, {spans->begin, spans->begin});
      scratch.spans.insert(scratch.spans.end(), spans, spans + static_cast<std::ptrdiff_t>(word.size()));
    }
    if (by_word_) finish();
  }
  if (!scratch.sequence.empty()) finish();
}

void Segmenter::append_ids(std::string_view text, Scratch& scratch, std::vector<std::int32_t>& ids) const {
  normalizer_.normalize(text, scratch.normalized);
  for_each_sequence(scratch.normalized, 0, scratch.normalized.text.size(), scratch, [&] {
    for (const Unigram::Segment& segment : scratch.segments) ids.push_back(segment.id);
  });
}

void Segmenter::append_pieces(std::string_view text, std::uint32_t offset, Scratch& scratch,
                              std::vector<Piece>& pieces) const {
  normalizer_.normalize(text, scratch.normalized, Normalizer::Spans::kTrack);
  append_pieces(scratch.normalized, 0, scratch.normalized.text.size(), offset, scratch, pieces);
}

void Segmenter::append_pieces(const NormalizedText& text, std::size_t begin, std::size_t end, std::uint32_t offset,
                              Scratch& scratch, std::vector<Piece>& pieces) const {
  for_each_sequence(text, begin, end, scratch, [&] {
    for (const Unigram::Segment& segment : scratch.segments) {
      pieces.push_back(
          {segment.id, offset + scratch.spans[segment.begin].begin, offset + scratch.spans[segment.end - 1].end});
    }
  });
}

double Segmenter::append_sequence(std::string_view sequence, Scratch& scratch, std::vector<std::int32_t>& ids) const {
  scratch.segments.clear();
  const double score = unigram_.segment(sequence, scratch.unigram, scratch.segments);
  for (const Unigram::Segment& segment : scratch.segments) ids.push_back(segment.id);
  return score;
}

MemoEncoder::MemoEncoder(const Segmenter& segmenter, std::size_t memory_bytes)
    : segmenter_(segmenter), memo_(memory_bytes) {}

void MemoEncoder::encode(std::string_view text, std::vector<std::int32_t>& ids) {
  const Normalizer& normalizer = segmenter_.normalizer();
  const std::size_t ids_before = ids.size();
  for (std::size_t begin = 0; begin < text.size();) {
    if (normalizer.separates(text[begin])) {
      ++begin;
      continue;
    }
    std::size_t end = begin + 1;
    while (end < text.size() && !normalizer.separates(text[end])) ++end;
    if (!append_word(text.substr(begin, end - begin), ids)) {
      ids.resize(ids_before);
      return segmenter_.append_ids(text, scratch_, ids);
    }
    begin = end;
  }
}

/// False if the word cannot be normalised apart from its neighbours.
bool MemoEncoder::append_word(std::string_view word, std::vector<std::int32_t>& ids) {
  const bool fits = word.size() <= WordMemo::kMaxWordBytes;
  const std::uint64_t hash = fits ? WordMemo::hash(word) : 0;
  if (fits) {
    if (const auto known = memo_.find(word, hash)) {
      ids.insert(ids.end(), known->begin(), known->end());
      return true;
    }
  }
  if (!Normalizer::stands_alone(word)) return false;
  const std::size_t before = ids.size();
  segmenter_.append_ids(word, scratch_, ids);
  if (fits) memo_.insert(word, hash, std::span(ids).subspan(before));
  return true;
}

}  // namespace albert::text
