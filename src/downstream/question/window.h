#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/question/lines.h"
#include "downstream/downstream.h"
#include "downstream/question/set.h"

namespace albert::downstream {

/// Which columns of a table hold what, from 0.
struct QuestionColumns {
  std::size_t count = 0;
  std::size_t question = 0;
  std::size_t context = 0;
  std::size_t id = kNoColumn;

  static constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);
};

/// Questions of a stream. Text: question, tab, context. Tables: columns named question, context and perhaps id, apart
/// by tabs. JSON lines: see datasets::parse_question_record().
///
/// Answers come with their probability and their place in the context in characters, the end excluded. Text and tables:
/// answer, probability, start and end, apart by tabs, behind the id if there is one; without an answer all but the
/// probability are empty. JSON lines: an object with these, null for what there is not, `null_odds` if the task has
/// questions without an answer, and `n_best` if the configuration asks for it.
class QuestionWindow final : public RecordWindow {
 public:
  /// \param header of kTsv \param out_header receives the output's Throws DataError for a header without the columns.
  QuestionWindow(RecordFormat format, std::string_view header, const TaskConfig& config,
                 std::shared_ptr<const text::Tokenizer> tokenizer, std::string& out_header);

  std::size_t num_items() const override { return set_.num_items(); }
  const model::Item& item(std::size_t index) const override { return set_.item(index); }
  void take_scores(std::size_t index, std::span<const float> scores) override { set_.take_scores(index, scores); }

  void add(std::string_view record, const datasets::Place& place) override;
  std::size_t num_records() const override { return ids_.size(); }
  void write(std::size_t record, std::string& out) const override;
  void clear() override;
  std::size_t num_truncated() const override { return static_cast<std::size_t>(set_.num_cut_questions()); }

 private:
  datasets::QuestionRecord parse(std::string_view record, const datasets::Place& place) const;

  RecordFormat format_;
  QuestionConfig config_;
  QuestionColumns columns_;
  QuestionSet set_;
  std::vector<std::string> ids_;
};

}  // namespace albert::downstream
