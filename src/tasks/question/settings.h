#pragma once

#include <cstdint>
#include <string_view>

#include "tasks/question/record.h"
#include "tasks/task_type.h"

namespace albert::tasks {

/// By which script answers are scored.
enum class AnswerScoring {
  kSquad,  ///< words of English: evaluate-v1.1.py, or evaluate-v2.0.py where questions may have no answer
  kCmrc,   ///< Chinese characters: cmrc2018_evaluate.py
};

/// The `task.question` part of a configuration: questions that are answered by a span of a text. Where the text is long
/// it is read in windows. The defaults are those of google-research/albert run_squad_v1.py and run_squad_v2.py.
struct QuestionSettings : SettingsOf<QuestionSettings> {
  std::int64_t stride = 128;
  std::int64_t max_question_length = 64;
  std::int64_t n_best = 20;
  std::int64_t max_answer_length = 30;
  bool no_answer = false;
  bool joint_head = false;
  std::int64_t num_starts = 5;
  std::int64_t num_ends = 5;
  double null_threshold = 0;
  AnswerScoring scoring = AnswerScoring::kSquad;
  MisplacedAnswers misplaced_answers = MisplacedAnswers::kRefuse;
  bool show_n_best = false;

  void fields(config::Fields& f) override;
  void check(config::Checks& c, std::string_view prefix) const override;
  TransformersHead transformers_head() const override {
    return {.architecture = joint_head ? kNoHead : "AlbertForQuestionAnswering"};
  }
  ScoreOptions score_options() const override { return {.null_odds = no_answer}; }
};

}  // namespace albert::tasks
