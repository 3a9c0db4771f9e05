#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>

namespace albert {

/// One call of Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): 128 bits that
/// look random and depend on nothing but the arguments.
std::array<std::uint32_t, 4> philox(std::uint64_t key, std::array<std::uint32_t, 4> counter);

/// A key made of a seed and of what the numbers are for, so that two uses never share numbers:
/// `random_key(seed, {epoch, kMasks})`.
std::uint64_t random_key(std::uint64_t seed, std::initializer_list<std::uint64_t> purpose);

/// The stream of random numbers that belongs to (key, index): no state outlives it, so streams may be made in any order
/// and on any thread and are the same.
class Random {
 public:
  Random(std::uint64_t key, std::uint64_t index) : key_(key), index_(index) {}

  std::uint32_t next();
  /// Uniform in [0, n); exact, without modulo bias. n > 0.
  std::uint32_t below(std::uint32_t n);
  /// Uniform in [0, 1), 32 bits of resolution.
  double uniform() { return next() * 0x1p-32; }
  /// Standard normal (Box-Muller).
  double normal();

 private:
  std::uint64_t key_;
  std::uint64_t index_;
  std::uint64_t block_ = 0;
  std::array<std::uint32_t, 4> buffer_{};
  unsigned left_ = 0;
};

/// A random order of 0 .. size-1 that takes no memory: a four-round Feistel network over the next power of four, walked
/// until the value falls inside. Every index appears exactly once.
class Permutation {
 public:
  Permutation(std::uint64_t key, std::uint64_t size);
  std::uint64_t operator()(std::uint64_t index) const;
  std::uint64_t size() const { return size_; }

 private:
  std::uint64_t key_;
  std::uint64_t size_;
  unsigned half_bits_ = 1;
};

}  // namespace albert
