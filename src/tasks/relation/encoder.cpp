#include "tasks/relation/encoder.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "tasks/common/pair_encoding.h"

namespace albert::tasks {

namespace {

/// A range of tokens, end excluded.
struct Tokens {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The tokens of a part of the text.
Tokens tokens_of(const std::vector<text::Piece>& pieces, const TextSpan& part, const Place& place) {
  const auto begin = std::ranges::find_if(pieces, [&](const text::Piece& piece) { return piece.end > part.begin; });
  const auto end = std::find_if(begin, pieces.end(), [&](const text::Piece& piece) { return piece.begin >= part.end; });
  if (begin == end) throw DataError("{}: an entity has no token in the vocabulary", place.to_string());
  return {static_cast<std::size_t>(begin - pieces.begin()), static_cast<std::size_t>(end - pieces.begin())};
}

/// Which tokens of a text of `length` are kept: a part around both entities, or one around each.
std::vector<std::size_t> choose_tokens(std::size_t length, const Tokens& first, const Tokens& second,
                                       std::size_t max_tokens) {
  const Tokens both{std::min(first.begin, second.begin), std::max(first.end, second.end)};
  std::size_t begin = 0, end = length;
  if (both.end - both.begin <= max_tokens) {
    const std::size_t room = std::min(max_tokens, length) - (both.end - both.begin);
    begin = std::min(both.begin - std::min(both.begin, room / 2), length - std::min(max_tokens, length));
    end = begin + std::min(max_tokens, length);
  } else {
    begin = both.begin;
    end = both.end;
  }
  std::vector<std::size_t> kept;
  const std::size_t surplus = end - begin - std::min(max_tokens, end - begin);
  const std::size_t gap = begin + (max_tokens + 1) / 2;
  for (std::size_t i = begin; i < end; ++i) {
    if (surplus == 0 || i < gap || i >= gap + surplus) kept.push_back(i);
  }
  return kept;
}

}  // namespace

RelationEncoder::RelationEncoder(const text::Tokenizer& tokenizer, RelationSettings settings, std::int64_t max_length,
                                 std::vector<std::string> labels)
    : tokenizer_(tokenizer),
      settings_(std::move(settings)),
      max_length_(static_cast<std::size_t>(max_length)),
      labels_(std::move(labels)) {
  check_marker(settings_.first_marker, "first_marker");
  check_marker(settings_.second_marker, "second_marker");
}

void RelationEncoder::check_marker(const std::string& marker, std::string_view name) const {
  std::vector<std::int32_t> ids;
  tokenizer_.encode(marker, ids);
  if (marker.empty() || (!ids.empty() && std::ranges::count(ids, tokenizer_.special().unknown) == 0)) return;
  throw UsageError("task.relation.{}: the vocabulary has no piece for '{}'; choose a character that it has", name,
                   marker);
}

RelationEncoder::Marked RelationEncoder::mark(const RelationRecord& record) const {
  if (settings_.first_marker.empty()) return {record.text, record.first, record.second};
  // Where an entity ends or begins, in the order of the text; of entities that begin together the longer one is
  // outside.
  struct Edge {
    std::size_t at;
    bool is_begin;
    std::size_t other_end;
    bool of_first;
  };
  std::array<Edge, 4> edges = {Edge{record.first.begin, true, record.first.end, true},
                               Edge{record.first.end, false, record.first.begin, true},
                               Edge{record.second.begin, true, record.second.end, false},
                               Edge{record.second.end, false, record.second.begin, false}};
  std::ranges::sort(edges, [](const Edge& a, const Edge& b) {
    return std::tie(a.at, a.is_begin, b.other_end) < std::tie(b.at, b.is_begin, a.other_end);
  });
  Marked marked;
  std::size_t taken = 0;
  for (const Edge& edge : edges) {
    marked.text.append(record.text, taken, edge.at - taken);
    taken = edge.at;
    marked.text += ' ';  // a second space, where there is one, is none for the tokenizer
    TextSpan& entity = edge.of_first ? marked.first : marked.second;
    if (edge.is_begin) entity.begin = marked.text.size();
    marked.text += edge.of_first ? settings_.first_marker : settings_.second_marker;
    if (!edge.is_begin) entity.end = marked.text.size();
    marked.text += ' ';
  }
  marked.text.append(record.text, taken);
  return marked;
}

std::optional<Encoded<NoTrace>> RelationEncoder::encode(RelationRecord& record, Purpose /*purpose*/) {
  model::Item item = make_item(record);
  if (record.label) item.labels = classes_of(record);
  record.text = {};
  return Encoded<NoTrace>{.items = {std::move(item)}, .trace = {}};
}

/// None for a label of no class.
std::vector<std::int64_t> RelationEncoder::classes_of(const RelationRecord& record) const {
  const auto found = std::ranges::find(labels_, *record.label);
  if (found == labels_.end()) return {};
  return {found - labels_.begin()};
}

model::Item RelationEncoder::make_item(const RelationRecord& record) {
  const Marked marked = mark(record);
  const std::vector<text::Piece> pieces = tokenizer_.encode_with_offsets(marked.text, text::SpecialTokens::kAsText);
  const Tokens first = tokens_of(pieces, marked.first, record.place);
  const Tokens second = tokens_of(pieces, marked.second, record.place);
  const std::vector<std::size_t> kept = choose_tokens(pieces.size(), first, second, max_length_ - 2);
  num_truncated_ += kept.size() < pieces.size();
  std::vector<std::int32_t> ids;
  for (const std::size_t token : kept) ids.push_back(pieces[token].id);
  model::Item item;
  item.sequences.push_back(make_sequence(tokenizer_.special(), ids));
  for (const std::size_t start : {first.begin, second.begin}) {
    const auto place = std::ranges::lower_bound(kept, start);
    if (place == kept.end() || *place != start) {
      throw DataError("{}: the entities are too long to be read in {} tokens; raise task.max_sequence_length",
                      record.place.to_string(), max_length_);
    }
    if (settings_.head != RelationHead::kEntityStarts) continue;
    item.positions.push_back(static_cast<std::int32_t>(place - kept.begin()) + 1);  // after [CLS]
  }
  return item;
}

}  // namespace albert::tasks
