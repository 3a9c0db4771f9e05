#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace albert::tasks {

/// A part of a context that may answer the question. Byte offsets, end excluded.
struct AnswerSpan {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;  ///< begin == end: that there is no answer
  float start_score = 0;
  float end_score = 0;
  std::uint32_t window = 0;  ///< in which it was found

  double score() const { return static_cast<double>(start_score) + static_cast<double>(end_score); }
  bool is_none() const { return begin == end; }
  std::string_view text(std::string_view context) const { return context.substr(begin, end - begin); }
};

/// One of a question's best answers.
struct RankedAnswer {
  AnswerSpan span;
  double probability = 0;  ///< softmax over the scores of the list
};

/// The best answers to a question with different texts, from all windows of its context (google-research/bert
/// run_squad.py, write_predictions). What is kept does not depend on the order in which spans come.
class AnswerRanking {
 public:
  /// Score of a span where none was found (google-research/albert squad_utils.py, write_predictions_v2).
  static constexpr double kNoSpanScore = -2e6;

  /// \param limit most answers that are kept
  void add(const AnswerSpan& span, std::string_view context, std::size_t limit);
  /// Takes what a window says of there being no answer; the smallest of all windows counts.
  void add_none(float start_score, float end_score, std::uint32_t window);

  /// The best part of the context; nothing if no window had one.
  std::optional<AnswerSpan> best() const;
  /// How much likelier no answer is than best(), as a difference of scores.
  double null_odds() const;
  /// The least that a window said of there being no answer.
  double null_score() const { return none_ ? none_->score() : 0; }

  /// The best answers, the best first; that there is none is among them if `with_none`, be it as the last of one more
  /// than the limit.
  std::vector<RankedAnswer> n_best(std::size_t limit, bool with_none) const;

 private:
  std::vector<AnswerSpan> spans_;  ///< the best first
  std::optional<AnswerSpan> none_;
};

}  // namespace albert::tasks
