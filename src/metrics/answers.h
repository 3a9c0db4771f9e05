#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace albert::metrics {

/// How well an answer agrees with the gold one it agrees with best.
struct AnswerScore {
  double exact_match = 0;  ///< 0 or 1
  double f1 = 0;           ///< in [0, 1]
};

/// An answer as SQuAD's scripts compare it: in lower case, without ASCII punctuation and the articles a, an, the, words
/// apart by one space (normalize_answer of evaluate-v1.1.py and evaluate-v2.0.py). \param text valid UTF-8
std::string squad_normalize(std::string_view text);

/// SQuAD 1.1: equality of the normalised answers, and F1 of their multisets of words; the best over `gold`, each apart.
/// 0 if there is no gold answer.
AnswerScore squad1_score(std::string_view prediction, std::span<const std::string> gold);

/// SQuAD 2.0: as squad1_score, but gold answers of which normalising leaves nothing do not count, and if none is left
/// an answer is right that has no words either.
AnswerScore squad2_score(std::string_view prediction, std::span<const std::string> gold);

/// CMRC 2018 (cmrc2018_evaluate.py): equality without the punctuation of its list, and F1 from the longest common run
/// of segments.
AnswerScore cmrc_score(std::string_view prediction, std::span<const std::string> gold);

/// The segments that CMRC 2018 compares: in lower case, each Chinese character by itself, the words of other scripts
/// whole, without the punctuation of its list.
std::vector<std::string> cmrc_segments(std::string_view text);

}  // namespace albert::metrics
