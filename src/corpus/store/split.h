#pragma once

#include <cstdint>
#include <string_view>

namespace albert::corpus {

/// Which part of a corpus: what is trained on, or what is only evaluated on.
enum class Split { kTrain, kHeldOut };

inline std::string_view to_string(Split split) {
  return split == Split::kTrain ? "train" : "held-out";
}

/// How much a shard, a split or a corpus holds.
struct Counts {
  std::uint64_t documents = 0;
  std::uint64_t sentences = 0;
  std::uint64_t tokens = 0;

  Counts& operator+=(const Counts& other) {
    documents += other.documents;
    sentences += other.sentences;
    tokens += other.tokens;
    return *this;
  }
  bool operator==(const Counts&) const = default;
};

}  // namespace albert::corpus
