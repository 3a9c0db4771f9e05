#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "support/log_capture.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/question/answers.h"

namespace albert::tasks {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::refusal;

AnswerSpan span_of(std::uint32_t begin, std::uint32_t end, float start = 0, float ending = 0) {
  return {.begin = begin, .end = end, .start_score = start, .end_score = ending};
}

class WrittenAnswers : public ::testing::Test {
 protected:
  WrittenAnswers() {
    const auto context = std::make_shared<const std::string>("so a \"cat\"\n中");
    file_.records = {{.id = "q2", .context = context}, {.id = "q1", .context = context}};
    answers_ = {{.text = context,
                 .given = {span_of(3, 14), 0.75},
                 .n_best = {{span_of(3, 14, 2, 1.5), 0.75}, {span_of(0, 0, 1, 0), 0.25}},
                 .null_odds = -3.5},
                {.text = context, .given = {{}, 1}, .null_odds = 4}};
    settings_.no_answer = true;
    write_question_answers(settings_, file_, answers_, folder_ / "out.json");
  }
  nlohmann::ordered_json read(const char* name) const {
    return nlohmann::ordered_json::parse(read_file(folder_ / name));
  }

  testing::TemporaryFolder folder_;
  QuestionSettings settings_;
  QuestionFile file_;
  std::vector<QuestionAnswer> answers_;
};

TEST_F(WrittenAnswers, KeepTheOrderOfTheQuestions) {
  EXPECT_EQ(read("out.json").dump(), R"({"q2":"a \"cat\"\n中","q1":""})");
}

TEST_F(WrittenAnswers, HaveNBestListsWithTheNamesOfGooglesScript) {
  const auto lists = read("out.n_best.json");
  ASSERT_EQ(lists["q2"].size(), 2U);
  EXPECT_EQ(lists["q2"][0]["start_logit"], 2);
  EXPECT_EQ(lists["q2"][1].dump(), R"({"text":"","probability":0.25,"start_logit":1.0,"end_logit":0.0})");
  EXPECT_TRUE(lists["q1"].empty());
}

TEST_F(WrittenAnswers, HaveNullOddsThatAreNumbers) {
  EXPECT_EQ(read("out.null_odds.json").dump(), R"({"q2":-3.5,"q1":4.0})");
}

TEST_F(WrittenAnswers, HaveFilesThatAreNamedAfterTheWholeName) {
  settings_.no_answer = false;
  write_question_answers(settings_, file_, answers_, folder_ / "run.a");
  EXPECT_TRUE(fs::exists(folder_ / "run.a.n_best.json"));
  EXPECT_FALSE(fs::exists(folder_ / "run.a.null_odds.json"));
}

/// Answers to two questions, in files.
class ScoredAnswers : public ::testing::Test {
 protected:
  ScoredAnswers() : files_{.gold = folder_ / "gold.jsonl", .predictions = folder_ / "predictions.json"} {
    write_gold(R"(["Rome"])", R"(["Italy"])");
  }
  void write_gold(const std::string& first, const std::string& second) const {
    const auto line = [](const char* id, const std::string& answers) {
      return fmt::format(R"({{"id": "{}", "question": "?", "context": "Rome is in Italy.", "answers": {}}})", id,
                         answers);
    };
    testing::write_file(files_.gold, line("q1", first) + "\n" + line("q2", second) + "\n");
  }
  void write_odds(std::string_view odds) {
    files_.null_odds = folder_ / "odds.json";
    testing::write_file(*files_.null_odds, odds);
  }
  metrics::Report score(std::string_view predictions) const {
    testing::write_file(files_.predictions, predictions);
    const QuestionFile gold = read_question_gold(settings_, files_);
    return judge_questions(settings_, gold, read_question_answers(settings_, gold, files_));
  }
  double figure(std::string_view predictions, const char* name) const {
    return metrics::find(score(predictions).figures, name).value();
  }

  testing::TemporaryFolder folder_;
  ScoreFiles files_;
  QuestionSettings settings_;
};

TEST_F(ScoredAnswers, AMissingOneCountsAsWrongAndIsNamed) {
  write_gold(R"(["Rome"])", R"(["the"])");  // an empty text would be right
  const testing::LogCapture log;
  EXPECT_EQ(figure(R"({"q1": "the rome", "q9": "x"})", "exact_match"), 50);
  EXPECT_THAT(log.text(), AllOf(HasSubstr("no prediction for 1 of 2 questions, the first is q2"),
                                HasSubstr("1 prediction of no question")));
  EXPECT_EQ(figure(R"({"q1": "the rome", "q2": ""})", "exact_match"), 100);
}

TEST_F(ScoredAnswers, OfOtherQuestionsAreRefused) {
  EXPECT_THAT(refusal<DataError>([&] { score(R"({"a": "x", "b": "y"})"); }),
              HasSubstr("none of its 2 predictions is of a question of"));
}

TEST_F(ScoredAnswers, AreAllThereWhereQuestionsMayHaveNone) {
  settings_.no_answer = true;
  EXPECT_THAT(refusal<DataError>([&] { score(R"({"q1": "Rome"})"); }),
              HasSubstr("found none for 1 of them; the first is q2"));
}

TEST_F(ScoredAnswers, NeedGoldOnes) {
  const auto refused = [&] { return refusal<DataError>([&] { score(R"({"q1": "", "q2": ""})"); }); };
  write_gold(R"(["Rome"])", "[]");
  EXPECT_THAT(refused(), AllOf(HasSubstr("question q2: expected an answer, found none"), HasSubstr("as squad2")));
  write_gold("null", "null");
  settings_.no_answer = true;
  EXPECT_THAT(refused(),
              ::testing::EndsWith("question q1: expected a list of answers, or is_impossible: true, found none"));
}

TEST_F(ScoredAnswers, WithOddsAreJudgedByThem) {
  settings_.no_answer = true;
  write_gold(R"(["Rome"])", "[]");
  const char* const predictions = R"({"q1": "Rome", "q2": "Italy"})";
  EXPECT_EQ(figure(predictions, "exact_match"), 50);
  EXPECT_EQ(figure(predictions, "no_answer_f1"), 0);
  EXPECT_FALSE(metrics::find(score(predictions).figures, "best_f1"));
  write_odds(R"({"q2": 0.5, "q1": -3})");
  EXPECT_EQ(figure(predictions, "exact_match"), 50) << "the script's threshold is 1";
  EXPECT_EQ(figure(predictions, "best_f1"), 100);
  EXPECT_EQ(figure(predictions, "best_f1_threshold"), -3);
  files_.null_threshold = 0;
  EXPECT_EQ(figure(predictions, "exact_match"), 100);
  write_odds(R"({"q2": 0.5})");
  EXPECT_THAT(refusal<DataError>([&] { score(predictions); }), HasSubstr("the first is q1"));
}

// find_best_thresh of evaluate-v2.0.py sorts {id: odds} stably: of equal odds the first in the file comes first.
TEST_F(ScoredAnswers, EqualOddsCountInTheOrderOfTheirFile) {
  settings_.no_answer = true;
  write_gold("[]", R"(["Italy"])");
  const char* const predictions = R"({"q1": "Rome", "q2": "Italy"})";
  write_odds(R"({"q2": 2, "q1": 2})");
  EXPECT_EQ(figure(predictions, "best_f1"), 100);
  write_odds(R"({"q1": 2, "q2": 2})");
  EXPECT_EQ(figure(predictions, "best_f1"), 50);
}

TEST_F(ScoredAnswers, WhereNoAnswerIsBestTheScriptsThresholdIsZero) {
  settings_.no_answer = true;
  settings_.null_threshold = 7;
  write_gold("[]", "[]");
  write_odds(R"({"q1": -8, "q2": -9})");
  EXPECT_EQ(figure(R"({"q1": "Rome", "q2": "Italy"})", "best_f1_threshold"), 0);
}

}  // namespace
}  // namespace albert::tasks
