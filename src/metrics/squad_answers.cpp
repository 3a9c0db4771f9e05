#include <algorithm>
#include <cctype>
#include <unordered_map>

#include "metrics/answers.h"
#include "metrics/python_text.h"

namespace albert::metrics {

namespace {

bool is_ascii_punctuation(char32_t c) {
  return c < 0x80 && std::ispunct(static_cast<int>(c)) != 0;  // string.punctuation, in the "C" locale
}

bool is_article(std::u32string_view word) {
  return word == U"a" || word == U"an" || word == U"the";
}

/// With a space for each article. One stands between any characters that are not of words: "the" in "–the–" too.
std::u32string without_articles(std::u32string_view text) {
  std::u32string kept;
  while (!text.empty()) {
    const auto word_end = std::ranges::find_if_not(text, python_is_word_character);
    const std::u32string_view word(text.begin(), word_end);
    kept += is_article(word) ? U" " : word;
    text.remove_prefix(word.size());
    if (text.empty()) break;
    kept += text[0];
    text.remove_prefix(1);
  }
  return kept;
}

/// An answer's normalised words.
std::vector<std::string> words_of(std::string_view text) {
  std::u32string kept = python_lower(text);
  std::erase_if(kept, is_ascii_punctuation);
  return python_split(without_articles(kept));
}

double f1_of(const std::vector<std::string>& gold, const std::vector<std::string>& predicted) {
  std::unordered_map<std::string_view, std::int64_t> left;
  for (const std::string& word : gold) ++left[word];
  std::int64_t num_same = 0;
  for (const std::string& word : predicted) num_same += left[word]-- > 0;
  if (num_same == 0) return 0;
  // In the script's order of operations, so that sums over a file agree to the last digit.
  const double precision = static_cast<double>(num_same) / static_cast<double>(predicted.size());
  const double recall = static_cast<double>(num_same) / static_cast<double>(gold.size());
  return (2 * precision * recall) / (precision + recall);
}

void keep_better(AnswerScore& best, bool exact, double f1) {
  best.exact_match = std::max(best.exact_match, exact ? 1.0 : 0.0);
  best.f1 = std::max(best.f1, f1);
}

}  // namespace

AnswerScore squad1_score(std::string_view prediction, std::span<const std::string> gold) {
  const std::vector<std::string> predicted = words_of(prediction);
  AnswerScore best;
  for (const std::string& answer : gold) {
    const std::vector<std::string> words = words_of(answer);
    keep_better(best, words == predicted, f1_of(words, predicted));
  }
  return best;
}

AnswerScore squad2_score(std::string_view prediction, std::span<const std::string> gold) {
  const std::vector<std::string> predicted = words_of(prediction);
  AnswerScore best;
  bool has_answer = false;
  for (const std::string& answer : gold) {
    const std::vector<std::string> words = words_of(answer);
    if (words.empty()) continue;
    has_answer = true;
    keep_better(best, words == predicted, f1_of(words, predicted));
  }
  if (!has_answer) keep_better(best, predicted.empty(), predicted.empty() ? 1 : 0);
  return best;
}

}  // namespace albert::metrics
