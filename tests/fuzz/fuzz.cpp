// Feeds a reader with files that are nearly right: each is a seed with a few changes. usage: FUZZ COUNT SEED INPUT FILE..., where SEED is that
// of the random numbers, INPUT the name of the file that each input is written to, and FILE... are right ones. After a crash INPUT is the one
// that caused it.

#include "fuzz.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <unistd.h>

#include "base/error.h"

namespace {

constexpr unsigned kSecondsForAnInput = 20;

std::string content_of(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Mutator {
 public:
  Mutator(std::vector<std::string> seeds, std::uint64_t seed) : seeds_(std::move(seeds)), random_(seed) {}

  std::string next() {
    std::string input = seeds_[below(seeds_.size())];
    for (std::size_t i = 1 + below(6); i > 0; --i) change(input);
    return input;
  }

 private:
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }
  /// Changes near the ends are the interesting ones: there lie headers and directories.
  std::size_t place(const std::string& input) {
    const std::size_t any = below(input.size() + 1);
    switch (below(3)) {
      case 0:
        return std::min(any, below(600));
      case 1:
        return input.size() - std::min(any, below(2500));
      default:
        return any;
    }
  }

  void change(std::string& input) {
    const std::size_t at = place(input);
    const std::size_t length = std::min(input.size() - at, below(16) + 1);
    switch (below(9)) {
      case 0:
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
        break;
      case 1:
        if (at < input.size()) input[at] = static_cast<char>(random_());
        break;
      case 2:
        input.erase(at, length);
        break;
      case 3:
        input.insert(at, input, place(input), length);
        break;
      case 4:
        input.resize(at);
        break;
      case 5:
        put_number(input, at);
        break;
      case 6: {
        const std::string& other = seeds_[below(seeds_.size())];
        input.replace(at, length, other, place(other), below(64));
        break;
      }
      case 7:
        if (at < input.size())
          std::reverse(input.begin() + static_cast<std::ptrdiff_t>(at),
                       input.begin() + static_cast<std::ptrdiff_t>(at + length));
        break;
      default:
        input.insert(at, 1 + below(8), static_cast<char>(random_()));
    }
  }

  void put_number(std::string& input, std::size_t at) {
    constexpr std::array<std::uint64_t, 14> kNumbers = {
        0,          1,          0x7f,       0x80,       0xff,       0x7fff,     0xffff,
        0x7fffffff, 0x80000000, 0xffffffff, 1ULL << 40, 1ULL << 62, 1ULL << 63, ~std::uint64_t{0}};
    const std::uint64_t number = kNumbers[below(kNumbers.size())];
    const std::size_t size = std::min<std::size_t>(std::size_t{1} << below(4), input.size() - at);
    std::memcpy(input.data() + at, &number, size);
  }

  std::vector<std::string> seeds_;
  std::mt19937_64 random_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  const std::uint64_t count = std::strtoull(argv[1], nullptr, 10);
  std::vector<std::string> seeds;
  for (int i = 4; i < argc; ++i) seeds.push_back(content_of(argv[i]));
  Mutator mutator(std::move(seeds), std::strtoull(argv[2], nullptr, 10));
  std::uint64_t num_read = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string input = mutator.next();
    std::ofstream(argv[3], std::ios::binary).write(input.data(), static_cast<std::streamsize>(input.size()));
    ::alarm(kSecondsForAnInput);
    try {
      albert::fuzz::read(argv[3]);
      ++num_read;
    } catch (const albert::Error& error) {
      if (std::strlen(error.what()) > 2000) std::abort();
    }
  }
  std::printf("%llu inputs: %llu read, the others refused\n", static_cast<unsigned long long>(count),
              static_cast<unsigned long long>(num_read));
  return 0;
}
