#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/item.h"
#include "tasks/common/sliding_windows.h"
#include "tasks/question/answer_ranking.h"
#include "tasks/question/config.h"
#include "tasks/question/questions.h"
#include "tasks/question/span_search.h"
#include "text/tokenizer.h"

namespace albert::tasks {

/// Questions and their contexts as items for the model, an item for each window, and what the model says of them.
class QuestionSet {
 public:
  /// \param max_length of a sequence in tokens: more than config.max_question_length + 3
  QuestionSet(std::shared_ptr<const text::Tokenizer> tokenizer, const QuestionConfig& config, std::int64_t max_length);

  /// Returns the number of the context. The same text again gets the same number.
  std::size_t add_context(std::string text);
  /// Adds a question's items. \param gold what is right, for labels: the first answer with a place counts, and none at
  /// all means that there is no answer; null for items without labels \return false if there are answers but none has
  /// tokens of its own: then nothing is added
  bool add_question(std::string_view text, std::size_t context, const std::vector<GoldAnswer>* gold = nullptr);
  void clear();

  std::size_t num_contexts() const { return contexts_.size(); }
  std::size_t num_questions() const { return questions_.size(); }
  std::size_t num_items() const { return items_.size(); }
  /// Questions so far, also those before clear(), that were longer than config.max_question_length.
  std::int64_t num_cut_questions() const { return num_cut_questions_; }
  const model::Item& item(std::size_t index) const { return items_[index]; }
  const std::string& context_of(std::size_t question) const { return contexts_[questions_[question].context].text; }

  /// When a question's windows have all been taken, the next one begins anew: a set may be scored again.
  /// \param scores of an item without labels, see model::HeadKind
  void take_scores(std::size_t index, std::span<const float> scores);

  /// The spans by the official rule; where that overlooks all of the context, though one of them is the answer
  /// (config.no_answer is false), all spans.
  const AnswerRanking& ranking(std::size_t question) const;
  double null_odds(std::size_t question) const;
  /// The best answers, the best first; with the plain head and config.no_answer that there is none is one of them.
  std::vector<RankedAnswer> n_best(std::size_t question) const;
  /// The answer by config.null_threshold, with its probability; is_none() if there is none.
  RankedAnswer answer(std::size_t question) const;

 private:
  struct Context {
    std::string text;
    std::vector<text::Piece> pieces;
  };
  struct Entry {
    std::size_t context;
    std::size_t first_item;
    SlidingWindows windows;
    AnswerRanking ranking = {};
    AnswerRanking of_all_spans = {};  ///< complete where `ranking` is empty and every context holds an answer
    std::size_t num_taken = 0;        ///< windows whose scores are in the ranking
  };

  std::vector<std::int32_t> encode_question(std::string_view text);
  model::Item make_item(const std::vector<std::int32_t>& question, const Context& context, TokenRange window) const;
  std::vector<std::int64_t> labels_of(const model::Item& item, TokenRange window,
                                      const std::optional<TokenRange>& answer) const;
  SpanSearch span_search(const model::Sequence& sequence) const;
  std::vector<TokenSpan> search(const model::Sequence& sequence, std::span<const float> scores) const;
  void rank(const Entry& entry, std::size_t window, const std::vector<TokenSpan>& spans, AnswerRanking& ranking) const;

  std::shared_ptr<const text::Tokenizer> tokenizer_;
  std::unique_ptr<text::Encoder> question_encoder_;
  QuestionConfig config_;
  std::size_t max_length_;
  std::vector<Context> contexts_;
  std::vector<Entry> questions_;
  std::vector<model::Item> items_;
  std::vector<std::uint32_t> question_of_;  ///< by item
  std::int64_t num_cut_questions_ = 0;
};

}  // namespace albert::tasks
