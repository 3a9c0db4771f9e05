#include "text/small_vocabulary.h"

#include <array>
#include <map>
#include <string_view>

#include "base/random.h"
#include "text/trainer.h"

namespace albert::text::testing {
namespace {

constexpr std::array<std::string_view, 12> kSyllables = {"ba",  "den", "ki", "lor", "mu", "na",
                                                         "per", "sho", "ti", "vel", "wo", "zan"};
constexpr std::array<std::string_view, 10> kOdd = {"2000,", "1,000",    "19,",     "caf\u00e9", "(so)",
                                                   "U.S.",  "``well''", "\u00a35", "don't",     "\u2014"};

std::string make_word(Random& random) {
  // The square makes low numbers, and so some words, frequent.
  const double u = random.uniform();
  Random word(1, static_cast<std::uint64_t>(u * u * 1500));
  std::string text;
  for (std::uint32_t left = 2 + word.below(3); left > 0; --left) text += kSyllables[word.below(kSyllables.size())];
  if (random.below(12) == 0) text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace

std::vector<std::string> make_lines(std::size_t count, std::uint64_t seed) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < count; ++i) {
    Random random(seed, i);
    std::string line;
    for (std::uint32_t left = random.below(12); left > 0; --left) {
      line += random.below(8) == 0 ? std::string(kOdd[random.below(kOdd.size())]) : make_word(random);
      line += left == 1 ? "." : " ";
    }
    lines.push_back(line);
  }
  return lines;
}

std::shared_ptr<const Tokenizer> small_vocabulary(const TokenizerSettings& settings) {
  static std::map<std::pair<bool, bool>, std::shared_ptr<const Tokenizer>> trained;
  auto& tokenizer = trained[{settings.do_lower_case, settings.keep_accents}];
  if (!tokenizer) {
    TrainerSettings trainer;
    trainer.vocabulary_size = 400;
    trainer.tokenizer = settings;
    const std::vector<std::string> lines = make_lines(1500, 7);
    auto next = lines.begin();
    const auto next_line = [&](std::string& line) {
      if (next == lines.end()) return false;
      line = *next++;
      return true;
    };
    tokenizer = train_tokenizer(next_line, trainer);
  }
  return tokenizer;
}

}  // namespace albert::text::testing
