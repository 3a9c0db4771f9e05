#include "text/unigram.h"

#include <algorithm>
#include <limits>

#include "base/utf8.h"

namespace albert::text {
namespace {

constexpr double kUnknownPenalty = 10;
constexpr double kNoWay = -std::numeric_limits<double>::infinity();

PieceTrie make_trie(const SentencePieceModel& model) {
  std::vector<std::pair<std::string_view, std::int32_t>> keys;
  for (std::size_t id = 0; id < model.pieces.size(); ++id) {
    const VocabularyPiece& piece = model.pieces[id];
    if (piece.matches_text()) keys.emplace_back(piece.text, static_cast<std::int32_t>(id));
  }
  return PieceTrie(std::move(keys));
}

}  // namespace

Unigram::Unigram(const SentencePieceModel& model, std::int32_t unknown_id)
    : unknown_id_(unknown_id), trie_(make_trie(model)) {
  scores_.reserve(model.pieces.size());
  for (const VocabularyPiece& piece : model.pieces) scores_.push_back(piece.segmentation_score());
  unknown_score_ = *std::min_element(scores_.begin(), scores_.end()) - kUnknownPenalty;
}

double Unigram::segment(std::string_view word, Scratch& scratch, std::vector<Segment>& segments) const {
  const std::size_t first_segment = segments.size();
  scratch.nodes.assign(1, {0, 0, unknown_id_});
  std::uint32_t chunk = 0;  // where nodes[0] stands
  for (std::uint32_t from = 0; from < word.size(); from += utf8_length(word[from])) {
    // No piece so far reaches beyond here: every segmentation passes through, so the best one up to here is settled.
    if (from > chunk && scratch.nodes.size() == from - chunk + 1) {
      emit(chunk, scratch, segments);
      scratch.nodes.assign(1, {scratch.nodes.back().score, 0, unknown_id_});
      chunk = from;
    }
    add_edges(word, from, chunk, scratch);
  }
  emit(chunk, scratch, segments);
  const double score = scratch.nodes.back().score;

  // Neighbouring unknown characters are one piece.
  const auto begin = segments.begin() + static_cast<std::ptrdiff_t>(first_segment);
  auto kept = begin;
  for (auto next = begin; next != segments.end(); ++next) {
    if (kept != begin && next->id == unknown_id_ && (kept - 1)->id == unknown_id_) {
      (kept - 1)->end = next->end;
    } else {
      *kept++ = *next;
    }
  }
  segments.erase(kept, segments.end());
  return score;
}

void Unigram::add_edges(std::string_view word, std::uint32_t from, std::uint32_t chunk, Scratch& scratch) const {
  std::vector<Scratch::Node>& nodes = scratch.nodes;
  const double score_here = nodes[from - chunk].score;
  const auto offer = [&](std::uint32_t to, double score, std::int32_t id) {
    if (nodes.size() <= to - chunk) nodes.resize(to - chunk + 1, {kNoWay, 0, unknown_id_});
    Scratch::Node& node = nodes[to - chunk];
    if (score > node.score) node = {score, from, id};
  };
  const std::uint32_t next_character = from + utf8_length(word[from]);
  bool single = false;
  PieceTrie::Node node = trie_.root();
  for (std::uint32_t to = from; to < word.size() && trie_.step(node, static_cast<unsigned char>(word[to]));) {
    ++to;
    const std::int32_t id = trie_.value(node);
    if (id == PieceTrie::kNone) continue;
    offer(to, scores_[static_cast<std::size_t>(id)] + score_here, id);
    single |= to == next_character;
  }
  if (!single) offer(next_character, unknown_score_ + score_here, unknown_id_);
}

void Unigram::emit(std::uint32_t chunk, const Scratch& scratch, std::vector<Segment>& segments) const {
  const auto first = static_cast<std::ptrdiff_t>(segments.size());
  for (auto end = chunk + static_cast<std::uint32_t>(scratch.nodes.size()) - 1; end > chunk;) {
    const Scratch::Node& node = scratch.nodes[end - chunk];
    segments.push_back({node.id, node.start, end});
    end = node.start;
  }
  std::reverse(segments.begin() + first, segments.end());
}

}  // namespace albert::text
