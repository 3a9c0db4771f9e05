#include "base/random.h"

#include <cmath>
#include <numbers>

namespace albert {

namespace {

/// The finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

}  // namespace

std::array<std::uint32_t, 4> philox(std::uint64_t key, std::array<std::uint32_t, 4> counter) {
  auto k0 = static_cast<std::uint32_t>(key);
  auto k1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53u} * counter[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57u} * counter[2];
    counter = {static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ k0, static_cast<std::uint32_t>(p1),
               static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ k1, static_cast<std::uint32_t>(p0)};
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return counter;
}

std::uint64_t random_key(std::uint64_t seed, std::initializer_list<std::uint64_t> purpose) {
  std::uint64_t key = mix(seed);
  for (const std::uint64_t part : purpose) key = mix(key ^ mix(part));
  return key;
}

std::uint32_t Random::next() {
  if (left_ == 0) {
    buffer_ = philox(key_, {static_cast<std::uint32_t>(block_), static_cast<std::uint32_t>(block_ >> 32),
                            static_cast<std::uint32_t>(index_), static_cast<std::uint32_t>(index_ >> 32)});
    ++block_;
    left_ = 4;
  }
  return buffer_[4 - left_--];
}

std::uint32_t Random::below(std::uint32_t n) {
  // Lemire, "Fast random integer generation in an interval", 2019.
  std::uint64_t product = std::uint64_t{next()} * n;
  if (static_cast<std::uint32_t>(product) < n) {
    const std::uint32_t threshold = (0u - n) % n;
    while (static_cast<std::uint32_t>(product) < threshold) product = std::uint64_t{next()} * n;
  }
  return static_cast<std::uint32_t>(product >> 32);
}

double Random::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

Permutation::Permutation(std::uint64_t key, std::uint64_t size) : key_(key), size_(size) {
  while (half_bits_ < 32 && (std::uint64_t{1} << (2 * half_bits_)) < size) ++half_bits_;
}

std::uint64_t Permutation::operator()(std::uint64_t index) const {
  const std::uint64_t mask = (std::uint64_t{1} << half_bits_) - 1;
  do {
    std::uint64_t left = index >> half_bits_;
    std::uint64_t right = index & mask;
    for (std::uint32_t round = 0; round < 4; ++round) {
      const std::uint32_t scrambled = philox(key_, {static_cast<std::uint32_t>(right), round, 0, 0})[0];
      const std::uint64_t next_right = left ^ (scrambled & mask);
      left = right;
      right = next_right;
    }
    index = (left << half_bits_) | right;
  } while (index >= size_);
  return index;
}

}  // namespace albert
