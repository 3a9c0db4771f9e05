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

/// SQuAD 1.1 (evaluate-v1.1.py): equality of the normalised answers, and F1 of their multisets of words; the best over
/// `gold`, each apart. 0 if there is no gold answer. Normalised they are in lower case, without ASCII punctuation and
/// the articles a, an, the, words apart by one space.
/// \param prediction valid UTF-8
AnswerScore squad1_score(std::string_view prediction, std::span<const std::string> gold);

/// SQuAD 2.0 (evaluate-v2.0.py): as squad1_score, but gold answers of which normalising leaves nothing do not count,
/// and if none is left an answer is right that has no words either.
AnswerScore squad2_score(std::string_view prediction, std::span<const std::string> gold);

/// CMRC 2018 (cmrc2018_evaluate.py): equality in lower case without the punctuation of its list, and F1 from the
/// longest common run of segments: each Chinese character by itself, the words of other scripts whole. Text in other
/// scripts is not cut into sentences before it is cut into words, as nltk.word_tokenize does: a full stop inside of it
/// stays with its word.
AnswerScore cmrc_score(std::string_view prediction, std::span<const std::string> gold);

}  // namespace albert::metrics
