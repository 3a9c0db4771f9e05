#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "metrics/question_answering.h"
#include "metrics/report.h"
#include "tasks/common/constant_guess.h"
#include "tasks/question/answer_ranking.h"
#include "tasks/question/encoder.h"
#include "tasks/question/record.h"
#include "tasks/question/settings.h"

namespace albert::tasks {

/// What a model says of a question, or a file of predictions.
struct QuestionAnswer {
  /// What the spans are parts of: the question's context, or the answer that a file has. Null: the file has none.
  std::shared_ptr<const std::string> text = {};
  AnswerSpan best = {};                   ///< the likeliest part, which is judged; is_none() if there is none
  RankedAnswer given = {};                ///< by QuestionSettings::null_threshold; is_none() if there is no answer
  std::vector<RankedAnswer> n_best = {};  ///< the likeliest first
  std::optional<double> null_odds = {};   ///< of having no answer, the larger the surer; nothing: not known
  std::size_t place_of_odds = 0;          ///< in their file, which decides among equal odds

  std::string_view text_of(const AnswerSpan& span) const { return text ? span.text(*text) : std::string_view(); }
};

/// The answer that the scores of a question's windows give. The n best are the spans by the official rule; where that
/// overlooks all of the context, though one of its parts is the answer (settings.no_answer is false), they are of all
/// spans. With the plain head and settings.no_answer that there is no answer is one of them.
/// \param items, trace that the encoder made of the question
/// \param scores of items without labels where the head is the joint one
QuestionAnswer answer_question(const QuestionSettings& settings, std::span<const model::Item> items,
                               const QuestionTrace& trace, RecordScores scores);

/// How well one question was answered.
metrics::JudgedQuestion judge_question(const QuestionSettings& settings, const Question& question,
                                       const QuestionAnswer& answer);

/// The official figures: those of SQuAD 1.1 or CMRC 2018, or of SQuAD 2.0 where questions may have no answer.
metrics::Report judge_questions(const QuestionSettings& settings, const QuestionFile& file,
                                std::span<const QuestionAnswer> answers);

/// No answer, to every question: where all have one, it gives 0.
std::vector<ConstantGuess<QuestionAnswer>> guess_no_answer(const QuestionFile& file);

/// Answer, probability, and its place in the context in characters, the end excluded, apart by tabs; without an answer
/// all but the probability are empty.
std::string question_columns(const QuestionAnswer& answer);

/// Members of the same names, null for what there is not; `null_odds` if questions may have no answer, and `n_best` if
/// the settings ask for it.
nlohmann::ordered_json question_json(const QuestionSettings& settings, const QuestionAnswer& answer);

/// The files that write_question_answers() makes: the answers, the n best of them, and the odds if there are such.
std::vector<std::filesystem::path> question_files(const QuestionSettings& settings, const std::filesystem::path& path);

/// Writes {id: text}: what evaluate-v1.1.py, evaluate-v2.0.py, cmrc2018_evaluate.py and their leaderboards take. Beside
/// it there will be two files named after the path without .json, as those of google-research/bert run_squad.py:
///
/// - .n_best.json: {id: [{"text", "probability", "start_logit", "end_logit"}]}, as nbest_predictions.json;
/// - .null_odds.json where questions may have no answer: {id: number}, the larger the surer that there is none, which
///   evaluate-v2.0.py takes as --na-prob-file.
void write_question_answers(const QuestionSettings& settings, const QuestionFile& file,
                            std::span<const QuestionAnswer> answers, const std::filesystem::path& path);

/// Reads what is to be scored: questions whose answers are all known. Where an answer stands does not matter there,
/// only what it is. Throws DataError for a question without gold answers.
QuestionFile read_question_gold(const QuestionSettings& settings, const ScoreFiles& files);

/// Reads {id: text}, and {id: number} of the odds if there is such a file. As in the scripts, predictions of other
/// questions do not count (a warning says how many), and unless questions may have no answer, one without a prediction
/// is answered wrongly (a warning too).
/// Throws DataError if no prediction is of a question of the file, and if a question that may have no answer has no
/// prediction or no odds (there the script fails).
std::vector<QuestionAnswer> read_question_answers(const QuestionSettings& settings, const QuestionFile& gold,
                                                  const ScoreFiles& files);

}  // namespace albert::tasks
