#include "text/memo_encoder.h"

namespace albert::text {

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
