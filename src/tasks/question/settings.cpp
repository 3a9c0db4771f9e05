#include "tasks/question/settings.h"

#include <string>

namespace albert::tasks {

void QuestionSettings::fields(config::Fields& f) {
  f("stride", stride, "tokens from one window of a long context to the next (doc_stride)", config::at_least(1));
  f("max_question_length", max_question_length, "tokens of a question; what is longer is cut at its end",
    config::at_least(1));
  f("n_best", n_best, "answers that are kept of each question, and starts and ends of a window that are looked at",
    config::at_least(1));
  f("max_answer_length", max_answer_length, "longest answer in tokens", config::at_least(1));
  f("no_answer", no_answer, "a context need not hold the answer, as in SQuAD 2.0");
  f("joint_head", joint_head,
    "score the end given the start, and having no answer apart (google-research/albert run_squad_v2.py); Transformers "
    "has no class for this head");
  f("num_starts", num_starts, "with joint_head: best starts of a window that are looked at (start_n_top)",
    config::at_least(1));
  f("num_ends", num_ends, "with joint_head: best ends of each start that are looked at (end_n_top)",
    config::at_least(1));
  f("null_threshold", null_threshold,
    "with no_answer: a question whose odds of having no answer are larger gets none; after an evaluation on "
    "development data, the one of the best f1");
  f.choice("scoring", scoring, "by which script answers are scored: squad (English) or cmrc (Chinese characters)",
           {{"squad", AnswerScoring::kSquad}, {"cmrc", AnswerScoring::kCmrc}});
  f.choice("misplaced_answers", misplaced_answers,
           "an answer whose text is not at its place in the context: error, or skip (it is no target of training; its "
           "text still counts for scoring)",
           {{"error", MisplacedAnswers::kRefuse}, {"skip", MisplacedAnswers::kSkip}});
  f("show_n_best", show_n_best, "predictions in JSON lines list the n_best answers too");
}

void QuestionSettings::check(config::Checks& c, std::string_view prefix) const {
  if (joint_head && !no_answer) {
    c.fail(std::string(prefix) + "joint_head", "the joint head judges whether there is an answer: set no_answer too");
  }
  if (null_threshold != 0 && !no_answer) {
    c.fail(std::string(prefix) + "null_threshold", "has no effect where every question has an answer (no_answer)");
  }
  if (no_answer && scoring == AnswerScoring::kCmrc) {
    c.fail(std::string(prefix) + "scoring", "CMRC 2018's script knows no question without an answer (no_answer)");
  }
}

}  // namespace albert::tasks
