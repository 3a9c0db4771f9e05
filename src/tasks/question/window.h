#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/question/lines.h"
#include "tasks/question/set.h"
#include "tasks/task.h"

namespace albert::tasks {

/// Which columns of a table hold what, from 0.
struct QuestionColumns {
  std::size_t count = 0;
  std::size_t question = 0;
  std::size_t context = 0;
};

/// Questions of a stream. Text: question, tab, context. Tables: columns named question and context, apart by tabs. JSON
/// lines: see parse_question_record().
///
/// Answers come with their probability and their place in the context in characters, the end excluded. Text: answer,
/// probability, start and end, apart by tabs; without an answer all but the probability are empty. Tables: the row with
/// these behind it. JSON lines: the object with members of these names, null for what there is not, `null_odds` if the
/// task has questions without an answer, and `n_best` if the configuration asks for it.
class QuestionWindow final : public RecordWindow {
 public:
  /// \param header of kTsv \param out_header receives the output's Throws DataError for a header without the columns,
  /// or with one that is called as the answer's.
  QuestionWindow(RecordFormat format, std::string_view header, const TaskConfig& config,
                 std::shared_ptr<const text::Tokenizer> tokenizer, std::string& out_header);

  std::size_t num_items() const override { return set_.num_items(); }
  const model::Item& item(std::size_t index) const override { return set_.item(index); }
  void take_scores(std::size_t index, std::span<const float> scores) override { set_.take_scores(index, scores); }

  void add(std::string_view record, const Place& place) override;
  std::size_t num_records() const override { return rows_.size(); }
  void write(std::size_t record, std::string& out) const override;
  void clear() override;
  std::size_t num_truncated() const override { return static_cast<std::size_t>(set_.num_cut_questions()); }

 private:
  QuestionRecord parse(std::string_view record, const Place& place) const;
  std::string with_members(std::size_t record) const;

  RecordFormat format_;
  QuestionConfig config_;
  QuestionColumns columns_;
  QuestionSet set_;
  std::vector<std::string> rows_;
};

}  // namespace albert::tasks
