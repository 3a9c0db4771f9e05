#include "corpus/dedup/repeated_lines.h"

#include <algorithm>
#include <compare>
#include <tuple>

#include "base/signals.h"
#include "corpus/dedup/duplicates.h"
#include "corpus/encoding/external_sort.h"
#include "corpus/encoding/spool.h"

namespace albert::corpus {

namespace fs = std::filesystem;

namespace {

struct LineKey {
  std::uint64_t hash;
  std::uint64_t document;
  auto operator<=>(const LineKey&) const = default;
};

/// The order of a list with the most frequent line first; of equally frequent ones it looks random.
bool precedes(const RepeatedLines::Line& a, const RepeatedLines::Line& b) {
  return std::tuple(b.num_documents, a.hash) < std::tuple(a.num_documents, b.hash);
}

/// The documents of every spool that have a line, numbered through all spools.
void add_lines(const std::vector<fs::path>& spools, const std::optional<fs::path>& duplicates,
               ExternalSort<LineKey>& keys) {
  std::optional<DuplicateReader> left_out;
  if (duplicates) left_out.emplace(*duplicates);
  std::uint64_t first = 0;
  for (const fs::path& spool : spools) {
    RecordReader<SpooledLine> lines(spool / kLinesFile);
    while (const std::optional<SpooledLine> line = lines.next()) {
      stop_if_asked("corpus");
      const std::uint64_t document = first + line->document;
      if (!left_out || !left_out->contains(document)) keys.add({line->hash, document});
    }
    first += num_documents_of(spool);
  }
}

}  // namespace

RepeatedLines::RepeatedLines(const std::vector<fs::path>& spools, std::uint64_t max_documents,
                             const std::optional<fs::path>& duplicates, const fs::path& scratch) {
  ExternalSort<LineKey> keys(scratch / "lines.sort");
  add_lines(spools, duplicates, keys);
  std::uint64_t hash = 0;
  std::uint64_t last_document = 0;
  std::uint64_t count = 0;
  const auto end_line = [&] {
    if (count <= max_documents) return;
    hashes_.push_back(hash);
    listed_.push_back({.hash = hash, .num_documents = count});
    if (listed_.size() < 2 * kMaxListed) return;
    std::ranges::nth_element(listed_, listed_.begin() + kMaxListed, precedes);
    listed_.resize(kMaxListed);
  };
  keys.drain([&](const LineKey& key) {
    stop_if_asked("corpus");
    if (count > 0 && key.hash == hash) {
      count += key.document != last_document ? 1 : 0;
    } else {
      end_line();
      hash = key.hash;
      count = 1;
    }
    last_document = key.document;
  });
  end_line();
  std::ranges::sort(listed_, precedes);
  listed_.resize(std::min(listed_.size(), kMaxListed));
  std::ranges::sort(listed_, {}, &Line::hash);
}

bool RepeatedLines::contains(std::uint64_t hash) const {
  return std::ranges::binary_search(hashes_, hash);
}

void RepeatedLines::remove_from(EncodedBlock& block) {
  const bool any =
      std::ranges::any_of(block.paragraphs, [this](const EncodedParagraph& each) { return contains(each.hash); });
  if (!any) return;
  EncodedBlock rest;
  std::vector<bool> is_removed(block.paragraphs.size());
  std::size_t sentence = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < block.paragraphs.size(); ++i) {
    const EncodedParagraph& paragraph = block.paragraphs[i];
    const std::size_t last = sentence + paragraph.num_sentences;
    const std::size_t end = last == sentence ? begin : block.ends[last - 1];
    const std::span<const std::int32_t> ids = std::span(block.ids).subspan(begin, end - begin);
    if (contains(paragraph.hash)) {
      is_removed[i] = true;
      note(paragraph.hash, ids);
    } else {
      const std::size_t shift = begin - rest.ids.size();
      rest.ids.insert(rest.ids.end(), ids.begin(), ids.end());
      for (std::size_t j = sentence; j < last; ++j) rest.ends.push_back(block.ends[j] - shift);
      rest.paragraphs.push_back(paragraph);
    }
    sentence = last;
    begin = end;
  }
  std::erase_if(block.unknown_characters, [&](const UnknownCharacter& each) { return is_removed[each.paragraph]; });
  block.ids = std::move(rest.ids);
  block.ends = std::move(rest.ends);
  block.paragraphs = std::move(rest.paragraphs);
}

void RepeatedLines::note(std::uint64_t hash, std::span<const std::int32_t> ids) {
  constexpr std::size_t kMaxListedTokens = 100;
  ++num_removed_;
  num_removed_tokens_ += ids.size();
  const auto place = std::ranges::lower_bound(listed_, hash, {}, &Line::hash);
  if (place == listed_.end() || place->hash != hash || !place->ids.empty()) return;
  place->ids.assign(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), kMaxListedTokens)));
}

std::vector<RepeatedLines::Line> RepeatedLines::most_frequent() const {
  std::vector<Line> lines = listed_;
  std::ranges::sort(lines, precedes);
  return lines;
}

}  // namespace albert::corpus
