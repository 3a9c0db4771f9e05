#include "corpus/encoding/min_hash.h"

#include <algorithm>
#include <numeric>

#include <unicode/uchar.h>

#include "base/error.h"
#include "base/hash.h"
#include "base/utf8.h"

namespace albert::corpus {

namespace {

constexpr std::size_t kWords = 5;
constexpr std::uint64_t kBase = 0x9E3779B97F4A7C15;  // odd, as any multiplier of a rolling hash modulo 2^64 is to be

constexpr std::uint64_t power(std::uint64_t base, std::size_t exponent) {
  std::uint64_t product = 1;
  for (std::size_t i = 0; i < exponent; ++i) product *= base;
  return product;
}

/// Whether a character is a word where it stands: of a writing without spaces between words.
bool is_word(std::int32_t c) {
  const auto within = [c](std::int32_t first, std::int32_t last) { return first <= c && c <= last; };
  return u_hasBinaryProperty(c, UCHAR_IDEOGRAPHIC) != 0 || within(0x0E00, 0x0EFF) || within(0x1000, 0x109F) ||
         within(0x1780, 0x17FF) || within(0x3040, 0x30FF) || within(0x31F0, 0x31FF);
}

constexpr std::uint32_t kNoLetter = 0;
constexpr std::uint32_t kAlone = std::uint32_t{1} << 31;  ///< added to a letter that is a word

/// A character without its case if it is of a word, else kNoLetter.
std::uint32_t find_letter(std::int32_t c) {
  const bool is_of_word = u_isalnum(c) != 0 || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
  const auto folded = static_cast<std::uint32_t>(u_foldCase(c, U_FOLD_CASE_DEFAULT));
  if (is_word(c)) return folded | kAlone;
  return is_of_word ? folded : kNoLetter;
}

/// The same of characters that occur often, looked up.
class Letters {
 public:
  Letters() {
    for (std::size_t c = 1; c < letters_.size(); ++c) letters_[c] = find_letter(static_cast<std::int32_t>(c));
  }
  std::uint32_t operator()(std::int32_t c) const {
    const auto index = static_cast<std::size_t>(c);
    return index < letters_.size() ? letters_[index] : find_letter(c);
  }

 private:
  std::array<std::uint32_t, 0x10000> letters_{};
};

/// The last words, and the hash of them together.
class Window {
 public:
  explicit Window(MinHash& out) : out_(out) {}

  void add(std::uint64_t word) {
    static constexpr std::uint64_t kLeaving = power(kBase, kWords);
    const std::uint64_t hash = mixed(word);
    std::uint64_t& place = words_[count_ % kWords];
    sum_ = sum_ * kBase + hash - (count_ >= kWords ? place * kLeaving : 0);
    place = hash;
    if (++count_ >= kWords) out_.add(mixed(sum_));
  }

  void finish() {
    if (count_ > 0 && count_ < kWords) out_.add(mixed(sum_));
  }

 private:
  MinHash& out_;
  std::array<std::uint64_t, kWords> words_{};
  std::uint64_t sum_ = 0;
  std::size_t count_ = 0;
};

/// For every bin, an order of all bins and the place of each in it, which look random.
struct Densification {
  using Row = std::array<std::uint8_t, kSignatureValues>;
  std::array<Row, kSignatureValues> order{};
  std::array<Row, kSignatureValues> place{};

  Densification() {
    for (std::size_t bin = 0; bin < kSignatureValues; ++bin) {
      std::iota(order[bin].begin(), order[bin].end(), std::uint8_t{0});
      std::ranges::sort(order[bin], {},
                        [bin](std::uint8_t other) { return mixed(bin * kSignatureValues + other + 1); });
      for (std::size_t i = 0; i < kSignatureValues; ++i) place[bin][order[bin][i]] = static_cast<std::uint8_t>(i);
    }
  }
};

}  // namespace

std::uint32_t num_equal_values(const Signature& a, const Signature& b) {
  std::uint32_t equal = 0;
  for (std::size_t i = 0; i < kSignatureValues; ++i) equal += a[i] == b[i] ? 1 : 0;
  return equal;
}

void MinHash::add(std::uint64_t hash) {
  const std::size_t bin = (hash >> 32) * kSignatureValues >> 32;
  bins_[bin] = std::min(bins_[bin], static_cast<std::uint32_t>(hash));
}

void MinHash::add(const MinHash& other) {
  for (std::size_t i = 0; i < kSignatureValues; ++i) bins_[i] = std::min(bins_[i], other.bins_[i]);
}

bool MinHash::is_empty() const {
  return std::ranges::all_of(bins_, [](std::uint32_t value) { return value == kEmpty; });
}

Signature MinHash::signature() const {
  static const Densification kDensification;
  std::array<std::uint8_t, kSignatureValues> filled;
  std::size_t num_filled = 0;
  for (std::size_t i = 0; i < kSignatureValues; ++i) {
    if (bins_[i] != kEmpty) filled[num_filled++] = static_cast<std::uint8_t>(i);
  }
  if (num_filled == 0) throw InternalError("the signature of nothing");
  Signature signature;
  for (std::size_t bin = 0; bin < kSignatureValues; ++bin) {
    std::size_t source = bin;
    if (bins_[bin] == kEmpty && num_filled < 8) {  // few to compare, where many would have to be tried
      const auto& place = kDensification.place[bin];
      source = *std::ranges::min_element(filled.begin(), filled.begin() + static_cast<std::ptrdiff_t>(num_filled), {},
                                         [&place](std::uint8_t each) { return place[each]; });
    } else if (bins_[bin] == kEmpty) {
      const auto& order = kDensification.order[bin];
      source = *std::ranges::find_if(order, [this](std::uint8_t each) { return bins_[each] != kEmpty; });
    }
    signature[bin] = static_cast<std::uint16_t>(bins_[source]);
  }
  return signature;
}

MinHash min_hash_of(std::string_view text) {
  constexpr std::uint64_t kStart = 0xCBF29CE484222325;  // FNV-1a's
  constexpr std::uint64_t kPrime = 0x100000001B3;
  static const Letters kLetters;
  MinHash result;
  Window window(result);
  std::uint64_t word = kStart;
  const auto end_word = [&] {
    if (word != kStart) window.add(word);
    word = kStart;
  };
  while (!text.empty()) {
    std::int32_t c = static_cast<unsigned char>(text.front());
    if (is_ascii(text.front())) {
      text.remove_prefix(1);
    } else if (c = pop_front(text); c == kNoCodePoint) {
      continue;
    }
    const std::uint32_t letter = kLetters(c);
    const bool is_alone = (letter & kAlone) != 0;
    if (letter == kNoLetter || is_alone) end_word();
    if (letter != kNoLetter) word = (word ^ letter) * kPrime;
    if (is_alone) end_word();
  }
  end_word();
  window.finish();
  return result;
}

}  // namespace albert::corpus
