#include "tasks/common/constant_guess.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "base/shown.h"

namespace albert::tasks {

std::vector<std::size_t> most_frequent(std::span<const std::size_t> counts) {
  constexpr std::size_t kNumGuesses = 2;
  std::vector<std::size_t> classes(counts.size());
  std::iota(classes.begin(), classes.end(), std::size_t{0});
  std::ranges::stable_sort(classes, std::ranges::greater(), [counts](std::size_t c) { return counts[c]; });
  classes.resize(std::min(classes.size(), kNumGuesses));
  std::erase_if(classes, [counts](std::size_t c) { return counts[c] == 0; });
  return classes;
}

std::vector<ConstantGuess<LabelAnswer>> guess_labels(std::span<const std::string> labels,
                                                     std::span<const std::size_t> counts, std::size_t num_records) {
  std::vector<ConstantGuess<LabelAnswer>> guesses;
  for (const std::size_t c : most_frequent(counts)) {
    guesses.push_back({in_quotes(labels[c]), std::vector(num_records, LabelAnswer{.classes = {c}})});
  }
  return guesses;
}

}  // namespace albert::tasks
