#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace albert::text {

/// Remembers the ids of words within a bound on memory: a hash table with open addressing whose keys and ids lie one
/// after the other in one block. When full it forgets everything and starts anew, so it follows the text.
class WordMemo {
 public:
  /// Longer words are rare; they are not remembered.
  static constexpr std::size_t kMaxWordBytes = 64;

  explicit WordMemo(std::size_t memory_bytes);

  static std::uint64_t hash(std::string_view word);
  /// The ids of a word if it is remembered; valid until the next insert.
  std::optional<std::span<const std::int32_t>> find(std::string_view word, std::uint64_t hash) const;
  /// Remembers a word that find() did not know.
  void insert(std::string_view word, std::uint64_t hash, std::span<const std::int32_t> ids);

 private:
  /// `record` is the index of the word's record in `block_`, 0 for an empty slot.
  struct Slot {
    std::uint32_t tag;
    std::uint32_t record;
  };

  void clear();
  std::size_t find_slot(std::string_view word, std::uint64_t hash) const;
  bool holds(std::uint32_t record, std::string_view word) const;

  std::vector<Slot> slots_;  ///< a power of two; at most half are used
  /// Records: [word bytes << 16 | number of ids][ids][bytes of the word, padded]; index 0 is unused.
  std::vector<std::int32_t> block_;
  std::size_t block_limit_;
  std::size_t num_words_ = 0;
};

}  // namespace albert::text
