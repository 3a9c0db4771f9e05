#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

/// How alike two texts are, told from a few bytes of each: the share of equal values of their signatures estimates the
/// Jaccard similarity of their sets of word 5-grams.
namespace albert::corpus {

/// The values of a signature. The estimate of a similarity of 0.8 has a standard error of 0.037.
inline constexpr std::size_t kSignatureValues = 120;

/// What is stored of a document: 16 bits of each value, of which different ones agree by chance once in 65,536.
using Signature = std::array<std::uint16_t, kSignatureValues>;

/// How many values of two signatures are equal: of kSignatureValues, the share that estimates the similarity.
std::uint32_t num_equal_values(const Signature& a, const Signature& b);

/// One-permutation MinHash (Li, Owen and Zhang, "One permutation hashing", NIPS 2012): every 5-gram falls into one bin,
/// of which the smallest hash stays. So a 5-gram costs one hash, not one for each value.
class MinHash {
 public:
  void add(std::uint64_t hash);
  /// What follows in the same document.
  void add(const MinHash& other);

  /// Whether nothing was added.
  bool is_empty() const;
  /// An empty bin gets the value of the first one that has any, in an order of its own (Shrivastava, "Optimal
  /// densification for fast and accurate minwise hashing", ICML 2017).
  /// Throws InternalError if nothing was added.
  Signature signature() const;

 private:
  static constexpr std::uint32_t kEmpty = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::array<std::uint32_t, kSignatureValues> all_empty() {
    std::array<std::uint32_t, kSignatureValues> bins{};
    bins.fill(kEmpty);
    return bins;
  }

  std::array<std::uint32_t, kSignatureValues> bins_ = all_empty();
};

/// The MinHash of the word 5-grams of a text. A word is a run of letters, digits and marks, whose case does not count;
/// a letter of a writing without spaces (Chinese, Japanese, Thai, ...) is a word of its own. A text of fewer words is
/// one n-gram.
MinHash min_hash_of(std::string_view text);

}  // namespace albert::corpus
