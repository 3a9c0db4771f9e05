#include <cmath>
#include <utility>

#include "base/error.h"
#include "tasks/common/float_digits.h"
#include "tasks/question/answer_place.h"
#include "tasks/question/answers.h"
#include "tasks/question/span_search.h"

namespace albert::tasks {

namespace {

/// The windows of one question and their scores.
class ScoredWindows {
 public:
  ScoredWindows(const QuestionSettings& settings, std::span<const model::Item> items, const QuestionTrace& trace,
                RecordScores scores)
      : settings_(settings), items_(items), trace_(trace), scores_(scores) {}

  AnswerRanking rank() const {
    AnswerRanking ranking;
    for (std::size_t i = 0; i < scores_.size(); ++i) {
      add_none(i, ranking);
      add_spans(i, best_spans(i), ranking);
    }
    if (settings_.no_answer || ranking.best()) return ranking;
    AnswerRanking of_all_spans;
    for (std::size_t i = 0; i < scores_.size(); ++i) {
      add_spans(i, all_spans(scores_[i], span_search(i)), of_all_spans);
    }
    return of_all_spans;
  }

 private:
  const model::Sequence& sequence(std::size_t window) const { return items_[window].sequences.front(); }

  void add_none(std::size_t window, AnswerRanking& ranking) const {
    const std::vector<float>& scores = scores_[window];
    const std::size_t length = sequence(window).token_ids.size();
    const auto number = static_cast<std::uint32_t>(window);
    if (settings_.joint_head) {
      if (!items_[window].labels.empty()) {
        throw InternalError("the joint head's scores of an item with labels are for training only");
      }
      ranking.add_none(scores.back(), 0, number);
    } else if (scores.size() == 2 * length) {
      ranking.add_none(scores[0], scores[length], number);
    } else {
      throw InternalError("{} scores of starts and ends for {} tokens", scores.size(), length);
    }
  }

  SpanSearch span_search(std::size_t window) const {
    return {.context = context_tokens(sequence(window)),
            .num_starts = static_cast<std::size_t>(settings_.n_best),
            .num_ends = static_cast<std::size_t>(settings_.n_best),
            .max_answer_length = static_cast<std::size_t>(settings_.max_answer_length)};
  }

  std::vector<TokenSpan> best_spans(std::size_t window) const {
    SpanSearch search = span_search(window);
    if (!settings_.joint_head) return find_spans(scores_[window], search);
    search.num_starts = static_cast<std::size_t>(settings_.num_starts);
    search.num_ends = static_cast<std::size_t>(settings_.num_ends);
    return find_joint_spans(scores_[window], sequence(window).token_ids.size(), search);
  }

  void add_spans(std::size_t window, const std::vector<TokenSpan>& spans, AnswerRanking& ranking) const {
    const EncodedContext& context = *trace_.context;
    const std::size_t first_of_context = context_tokens(sequence(window)).begin;
    const std::size_t first_of_window = trace_.windows[window].begin;
    for (const TokenSpan& span : spans) {
      const TokenRange tokens{span.first - first_of_context + first_of_window,
                              span.last - first_of_context + first_of_window + 1};
      if (!trace_.windows.shows_best(window, tokens.begin)) continue;
      const ByteRange bytes = bytes_covered(context.pieces, tokens, *context.text);
      if (bytes.begin == bytes.end) continue;
      ranking.add({.begin = static_cast<std::uint32_t>(bytes.begin),
                   .end = static_cast<std::uint32_t>(bytes.end),
                   .start_score = span.start_score,
                   .end_score = span.end_score,
                   .window = static_cast<std::uint32_t>(window)},
                  *context.text, static_cast<std::size_t>(settings_.n_best));
    }
  }

  const QuestionSettings& settings_;
  std::span<const model::Item> items_;
  const QuestionTrace& trace_;
  RecordScores scores_;
};

/// The answer by the threshold, with its probability.
RankedAnswer choose(const QuestionSettings& settings, const std::vector<RankedAnswer>& n_best, double null_odds) {
  const bool has_none = settings.no_answer && null_odds > settings.null_threshold;
  for (const RankedAnswer& answer : n_best) {
    if (answer.span.is_none() == has_none) return answer;
  }
  // The joint head's n best do not hold that there is none: it has a probability of its own.
  return {{}, settings.joint_head ? float_digits(1 / (1 + std::exp(-null_odds))) : 1};
}

}  // namespace

QuestionAnswer answer_question(const QuestionSettings& settings, std::span<const model::Item> items,
                               const QuestionTrace& trace, RecordScores scores) {
  const AnswerRanking ranking = ScoredWindows(settings, items, trace, scores).rank();
  const double odds = float_digits(settings.joint_head ? ranking.null_score() : ranking.null_odds());
  std::vector<RankedAnswer> n_best =
      ranking.n_best(static_cast<std::size_t>(settings.n_best), settings.no_answer && !settings.joint_head);
  const RankedAnswer given = choose(settings, n_best, odds);
  return {.text = trace.context->text,
          .best = ranking.best().value_or(AnswerSpan()),
          .given = given,
          .n_best = std::move(n_best),
          .null_odds = odds};
}

}  // namespace albert::tasks
