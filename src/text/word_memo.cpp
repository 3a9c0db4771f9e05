#include "text/word_memo.h"

#define XXH_INLINE_ALL  // NOLINT(readability-identifier-naming): the name that xxhash.h asks for
#include <algorithm>
#include <bit>
#include <cstring>

#include <xxhash.h>

namespace albert::text {
namespace {

constexpr std::size_t kMinSlots = 64;

std::size_t header_bytes(std::int32_t header) {
  return static_cast<std::size_t>(header >> 16);
}
std::size_t header_ids(std::int32_t header) {
  return static_cast<std::size_t>(header & 0xFFFF);
}
std::size_t padded_length(std::size_t size_bytes) {
  return (size_bytes + sizeof(std::int32_t) - 1) / sizeof(std::int32_t);
}
std::uint32_t tag_of(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> 32);
}

}  // namespace

// A word takes two slots and, on average, a record of about 24 bytes: a third of the memory for the slots, the rest for
// the records.
WordMemo::WordMemo(std::size_t memory_bytes)
    : slots_(std::max(kMinSlots, std::bit_floor(memory_bytes / 3 / sizeof(Slot)))),
      block_limit_(std::min<std::size_t>(memory_bytes / 3 * 2 / sizeof(std::int32_t), UINT32_MAX)) {
  clear();
}

std::uint64_t WordMemo::hash(std::string_view word) {
  return XXH3_64bits(word.data(), word.size());
}

std::optional<std::span<const std::int32_t>> WordMemo::find(std::string_view word, std::uint64_t hash) const {
  const Slot slot = slots_[find_slot(word, hash)];
  if (slot.record == 0) return std::nullopt;
  return std::span(block_).subspan(slot.record + 1, header_ids(block_[slot.record]));
}

void WordMemo::insert(std::string_view word, std::uint64_t hash, std::span<const std::int32_t> ids) {
  const std::size_t length = 1 + ids.size() + padded_length(word.size());
  if (word.size() > kMaxWordBytes || ids.size() > 0xFFFF || length >= block_limit_) return;
  if (2 * (num_words_ + 1) > slots_.size() || block_.size() + length > block_limit_) clear();
  const std::size_t record = block_.size();
  block_.resize(record + length);
  block_[record] = static_cast<std::int32_t>(word.size() << 16 | ids.size());
  std::copy(ids.begin(), ids.end(), block_.begin() + static_cast<std::ptrdiff_t>(record) + 1);
  std::memcpy(&block_[record + 1 + ids.size()], word.data(), word.size());
  slots_[find_slot(word, hash)] = {tag_of(hash), static_cast<std::uint32_t>(record)};
  ++num_words_;
}

void WordMemo::clear() {
  std::fill(slots_.begin(), slots_.end(), Slot{0, 0});
  block_.assign(1, 0);
  num_words_ = 0;
}

/// The slot of the word, or the empty one where it belongs.
std::size_t WordMemo::find_slot(std::string_view word, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    const Slot slot = slots_[i];
    if (slot.record == 0 || (slot.tag == tag_of(hash) && holds(slot.record, word))) return i;
  }
}

bool WordMemo::holds(std::uint32_t record, std::string_view word) const {
  const std::int32_t header = block_[record];
  return header_bytes(header) == word.size() &&
         std::memcmp(&block_[record] + 1 + header_ids(header), word.data(), word.size()) == 0;
}

}  // namespace albert::text
