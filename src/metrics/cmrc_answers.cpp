#include <algorithm>

#include "metrics/answers.h"
#include "metrics/penn_words.h"
#include "metrics/python_text.h"

namespace albert::metrics {

namespace {

// The script's list, which leaves out the Western full stop, comma, question mark and brackets. Its "……" is two
// characters and so never equal to one: a single "…" stays.
constexpr std::u32string_view kPunctuation = U"-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』";

bool is_chinese(char32_t c) {
  return c >= 0x4e00 && c <= 0x9fa5;
}

/// In lower case, without white space at the ends and without punctuation.
std::u32string folded(std::string_view text) {
  std::u32string lower = python_lower(text);
  const auto begin = std::find_if_not(lower.begin(), lower.end(), python_is_space);
  const auto end = std::find_if_not(lower.rbegin(), std::make_reverse_iterator(begin), python_is_space).base();
  std::u32string kept(begin, end);
  std::erase_if(kept, [](char32_t c) { return kPunctuation.find(c) != std::u32string_view::npos; });
  return kept;
}

std::vector<std::string> segments_of(std::u32string_view text) {
  std::vector<std::string> segments;
  while (!text.empty()) {
    const auto foreign = static_cast<std::size_t>(std::ranges::find_if(text, is_chinese) - text.begin());
    if (foreign > 0) std::ranges::move(penn_words(to_utf8(text.substr(0, foreign))), std::back_inserter(segments));
    text.remove_prefix(foreign);
    if (text.empty()) break;
    segments.push_back(to_utf8(text.substr(0, 1)));
    text.remove_prefix(1);
  }
  return segments;
}

/// The length of the longest run of segments that both have.
std::size_t longest_common_run(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::size_t longest = 0;
  std::vector<std::size_t> ending(b.size() + 1);  // [j + 1] length of the run that ends at a[i] and b[j]
  for (const std::string& segment : a) {
    for (std::size_t j = b.size(); j-- > 0;) {
      ending[j + 1] = segment == b[j] ? ending[j] + 1 : 0;
      longest = std::max(longest, ending[j + 1]);
    }
  }
  return longest;
}

double f1_of(const std::vector<std::string>& gold, const std::vector<std::string>& predicted) {
  const auto common = static_cast<double>(longest_common_run(gold, predicted));
  if (common == 0) return 0;
  const double precision = common / static_cast<double>(predicted.size());
  const double recall = common / static_cast<double>(gold.size());
  return (2 * precision * recall) / (precision + recall);
}

}  // namespace

AnswerScore cmrc_score(std::string_view prediction, std::span<const std::string> gold) {
  const std::u32string predicted = folded(prediction);
  const std::vector<std::string> predicted_segments = segments_of(predicted);
  AnswerScore best;
  for (const std::string& answer : gold) {
    const std::u32string folded_answer = folded(answer);
    best.exact_match = std::max(best.exact_match, folded_answer == predicted ? 1.0 : 0.0);
    best.f1 = std::max(best.f1, f1_of(segments_of(folded_answer), predicted_segments));
  }
  return best;
}

}  // namespace albert::metrics
