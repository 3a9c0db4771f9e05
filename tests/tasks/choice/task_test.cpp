#include "tasks/choice/task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "support/fake_tokenizer.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/choice/settings.h"
#include "tasks/task.h"

namespace albert::tasks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

class ChoiceTaskTest : public ::testing::Test {
 protected:
  static std::unique_ptr<Task> make(std::int64_t max_length = 16, const ChoiceSettings& settings = {},
                                    const std::string& metric = "") {
    TaskConfig config(multiple_choice_type());
    config.max_sequence_length = max_length;
    config.metric = metric;
    config.as<ChoiceSettings>() = settings;
    return make_task({.config = config}, std::make_shared<testing::FakeTokenizer>());
  }

  fs::path write(const std::string& name, std::string_view content) const {
    fs::create_directories((folder_ / name).parent_path());
    testing::write_file(folder_ / name, content);
    return folder_ / name;
  }
  std::unique_ptr<DataSet> read(const Task& task, std::string_view lines) const {
    return task.read(write("q.jsonl", lines), Part::kDevelopment);
  }

  template <typename Action>
  static std::string refusal(const Action& action) {
    return testing::refusal<Error>(action);
  }

  testing::TemporaryFolder folder_;
};

TEST_F(ChoiceTaskTest, AChoiceFollowsTheQuestionBehindTheContext) {
  const auto task = make();
  const auto data =
      read(*task, R"({"context": "10 11 12", "question": "20 21", "choices": ["30", "31 32"], "label": 1})");
  ASSERT_EQ(data->num_items(), 1);
  const model::Item& item = data->item(0);
  ASSERT_EQ(item.sequences.size(), 2);
  EXPECT_THAT(item.sequences[0].token_ids, ElementsAre(2, 10, 11, 12, 3, 20, 21, 30, 3));
  EXPECT_EQ(item.sequences[0].first_length, 5);
  EXPECT_THAT(item.sequences[1].token_ids, ElementsAre(2, 10, 11, 12, 3, 20, 21, 31, 32, 3));
  EXPECT_THAT(item.labels, ElementsAre(1));
  EXPECT_EQ(data->describe(), "1 question; 0 truncated to 16 tokens");
}

TEST_F(ChoiceTaskTest, AChoiceFillsTheBlankOfTheQuestion) {
  const std::string line = R"({"context": "10", "question": "20 _ 21 _", "choices": ["30", "31"]})";
  ChoiceSettings with_blank;
  with_blank.blank = "_";
  EXPECT_THAT(read(*make(16, with_blank), line)->item(0).sequences[1].token_ids,
              ElementsAre(2, 10, 3, 20, 31, 21, 31, 3));
  EXPECT_THAT(read(*make(), line)->item(0).sequences[1].token_ids, ElementsAre(2, 10, 3, 20, 21, 31, 3));
}

TEST_F(ChoiceTaskTest, WithoutContextAChoiceStandsBesideTheQuestion) {
  const auto task = make();
  const auto data = read(*task, R"({"question": "20 21", "choices": ["30", "31 32"]})");
  EXPECT_THAT(data->item(0).sequences[1].token_ids, ElementsAre(2, 20, 21, 3, 31, 32, 3));
  EXPECT_TRUE(data->item(0).labels.empty());
  EXPECT_FALSE(data->is_labelled());
}

TEST_F(ChoiceTaskTest, WhatIsTooLongLosesTheContextsEndAndTheQuestionsBeginning) {
  // google-research/albert race_utils.py:137-145, with 4 tokens of question and choice and 10 tokens in all.
  const std::string lines =
      R"({"context": "10 11 12 13 14 15", "question": "20 21 22", "choices": ["30", "31 32", "33 34 35 36 37"]})"
      "\n"
      R"({"question": "20 21 22 23 24 25", "choices": ["30", "31 32"]})"
      "\n"
      R"({"question": "20", "choices": ["30", "31"]})"
      "\n";
  ChoiceSettings settings;
  settings.max_choice_length = 4;
  const auto task = make(10, settings);
  const auto data = read(*task, lines);
  EXPECT_THAT(data->item(0).sequences[0].token_ids, ElementsAre(2, 10, 11, 12, 3, 20, 21, 22, 30, 3));
  EXPECT_THAT(data->item(0).sequences[1].token_ids, ElementsAre(2, 10, 11, 12, 3, 21, 22, 31, 32, 3));
  EXPECT_THAT(data->item(0).sequences[2].token_ids, ElementsAre(2, 10, 11, 12, 3, 34, 35, 36, 37, 3));
  EXPECT_THAT(data->item(1).sequences[0].token_ids, ElementsAre(2, 20, 21, 22, 23, 24, 25, 3, 30, 3));
  EXPECT_THAT(data->item(1).sequences[1].token_ids, ElementsAre(2, 21, 22, 23, 24, 25, 3, 31, 32, 3));
  EXPECT_EQ(data->describe(), "3 questions; 2 truncated to 10 tokens");
}

TEST_F(ChoiceTaskTest, JudgesAndWritesWhatTheModelChose) {
  const auto task = make();
  const auto data = read(*task, R"({"id": "x", "question": "20", "choices": ["30", "31"], "label": 0})"
                                "\n"
                                R"({"id": "y", "question": "20", "choices": ["30", "31", "32"], "label": 0})"
                                "\n");
  data->take_scores(1, std::vector<float>{0, 2, 1});
  EXPECT_THROW(data->take_scores(0, std::vector<float>{0, 2, 1}), InternalError);
  EXPECT_THROW(data->judge(), InternalError);
  data->take_scores(0, std::vector<float>{1, 1});
  EXPECT_THAT(data->judge().figures, ElementsAre(Pair("accuracy", 0.5)));
  EXPECT_EQ(task->metric(), "accuracy");
  data->write_predictions(folder_ / "out.tsv");
  EXPECT_EQ(read_file(folder_ / "out.tsv"),
            "id\tanswer\tprobability_A\tprobability_B\tprobability_C\n"
            "x\t0\t0.5\t0.5\t\n"
            "y\t1\t0.09003057\t0.66524094\t0.24472848\n");
}

TEST_F(ChoiceTaskTest, RaceIsJudgedByLevelToo) {
  const std::string article =
      R"({"answers": ["B"], "options": [["30", "31"]], "questions": ["20"], "article": "10", "id": "a"})";
  write("RACE/dev/middle/1.txt", article);
  write("RACE/dev/high/1.txt", article);
  write("RACE/train/high/1.txt", article);
  const auto task = make(16, {}, "accuracy_high");
  EXPECT_EQ(task->metric(), "accuracy_high");
  EXPECT_THAT(task->find(folder_.path(), Part::kTrain), ElementsAre(folder_ / "RACE/train"));
  EXPECT_THAT(task->find(folder_ / "RACE", Part::kDevelopment), ElementsAre(folder_ / "RACE/dev"));
  EXPECT_THAT(task->find(folder_ / "RACE/dev/high", Part::kTest), ElementsAre(folder_ / "RACE/dev/high"));
  const auto data = task->read(folder_ / "RACE/dev", Part::kDevelopment);
  data->take_scores(0, std::vector<float>{0, 1});
  data->take_scores(1, std::vector<float>{1, 0});
  EXPECT_THAT(data->judge().figures,
              ElementsAre(Pair("accuracy", 0.5), Pair("accuracy_middle", 1), Pair("accuracy_high", 0)));
}

TEST_F(ChoiceTaskTest, SeveralTrainingFilesAreReadAsOne) {
  write("easy_train.csv", "20,30,31,32,33,A\n");
  write("ARC-Challenge-Train.csv", "21,30,31,32,33,B\n22,,,,,1\n");
  write("easy_dev.csv", "23,30,31,32,33,C\n");
  write("challenge_dev.csv", "24,30,31,32,33,D\n");
  write("retrain.csv", "broken");
  const auto task = make();
  const auto training = task->find(folder_.path(), Part::kTrain);
  EXPECT_THAT(training, ElementsAre(folder_.path()));
  const auto data = task->read(training[0], Part::kTrain);
  EXPECT_EQ(data->num_examples(), 2);
  EXPECT_THAT(data->describe(), HasSubstr("1 left out, whose choices are not in the file, the first with the id 2"));
  EXPECT_THAT(task->find(folder_.path(), Part::kDevelopment),
              ElementsAre(folder_ / "challenge_dev.csv", folder_ / "easy_dev.csv"));
  EXPECT_THAT(refusal([&] { task->find(folder_.path(), Part::kTest); }),
              HasSubstr("no test data for a model that chooses among answers (task.kind: multiple_choice): expected"));
  EXPECT_THAT(refusal([&] { task->find(folder_ / "nothing", Part::kTest); }), HasSubstr("there is no such file"));
  EXPECT_THAT(refusal([] { make(16, {}, "f1"); }), HasSubstr("'f1' is no figure of this task"));
}

TEST_F(ChoiceTaskTest, DataWithoutADevelopmentFileAreDivided) {
  std::string first, second;
  for (int i = 0; i < 30; ++i) first += fmt::format("{},30,31,32,33,A\n", i + 40);
  for (int i = 0; i < 30; ++i) second += fmt::format("{},30,31,32,33,B\n", i + 70);
  write("easy_train.csv", first);
  write("challenge_train.csv", second);
  const auto task = make();
  task->settle(folder_.path());
  EXPECT_THAT(task->find(folder_.path() / "", Part::kDevelopment), ElementsAre(folder_.path() / ""));
  const auto train = task->read(folder_.path(), Part::kTrain);
  const auto development = task->read(folder_.path() / "", Part::kDevelopment);
  EXPECT_EQ(train->num_examples() + development->num_examples(), 60U);
  EXPECT_GE(development->num_examples(), 1U);
  write("dev.csv", "23,30,31,32,33,C\n");
  task->settle(folder_.path());
  EXPECT_EQ(task->read(folder_.path(), Part::kTrain)->num_examples(), 60U);
  EXPECT_THAT(task->find(folder_.path(), Part::kDevelopment), ElementsAre(folder_ / "dev.csv"));
}

class ChoiceStream : public ChoiceTaskTest {
 protected:
  /// What is written for a record whose second choice is the best.
  std::string predict(RecordFormat format, std::string_view header, std::string_view record) {
    window_ = task_->open_window(format, header, out_header_);
    window_->add(record, {.file = "standard input", .line = 3, .id = {}});
    std::vector<float> scores(window_->item(0).sequences.size());
    scores[1] = 1;
    window_->take_scores(0, scores);
    std::string out;
    window_->write(0, out);
    return out;
  }

  const std::unique_ptr<Task> task_ = make();
  std::unique_ptr<RecordWindow> window_;
  std::string out_header_;
};

TEST_F(ChoiceStream, OfTabs) {
  EXPECT_EQ(predict(RecordFormat::kText, "", "10\t20\t30\t31\r"), "B\t0.26894143\t0.7310586\n");
  EXPECT_THAT(window_->item(0).sequences[0].token_ids, ElementsAre(2, 10, 3, 20, 30, 3));
  EXPECT_EQ(out_header_, "");
  predict(RecordFormat::kText, "", "\t20\t30\t31\t32");
  EXPECT_THAT(window_->item(0).sequences[2].token_ids, ElementsAre(2, 20, 3, 32, 3));
  EXPECT_THAT(refusal([&] { predict(RecordFormat::kText, "", "20\t30\t31"); }),
              HasSubstr("standard input:3: expected a context (or nothing), a question and two or more choices"));
  window_->clear();
  EXPECT_EQ(window_->num_records(), 0);
}

TEST_F(ChoiceStream, OfColumns) {
  EXPECT_EQ(predict(RecordFormat::kTsv, "id\tquestion\tchoice_A\tchoice_B", "7\t20\t30\t31"),
            "7\t20\t30\t31\tB\t0.26894143\t0.7310586\n");
  EXPECT_EQ(out_header_, "id\tquestion\tchoice_A\tchoice_B\tanswer\tprobability_A\tprobability_B");
  EXPECT_THAT(refusal([&] { predict(RecordFormat::kTsv, "question\tchoice", "20\t30"); }),
              HasSubstr("expected columns named question and choice_A, choice_B"));
  EXPECT_THAT(refusal([&] { predict(RecordFormat::kTsv, "question\tchoice1\tchoice2", "20\t30"); }),
              HasSubstr("expected 3 columns as in the header, found 2"));
  EXPECT_THAT(refusal([&] { predict(RecordFormat::kTsv, "question\tchoice1\tchoice2", "20\t30\t "); }),
              HasSubstr("choice B is empty"));
  EXPECT_THAT(refusal([&] { predict(RecordFormat::kTsv, "question\tchoice1\tchoice2\tanswer", "20\t30\t31\tA"); }),
              HasSubstr("standard input:1: there is a column 'answer' already"));
}

TEST_F(ChoiceStream, LettersOfColumnsSayWhichChoiceIsWhich) {
  predict(RecordFormat::kTsv, "question\tchoice_B\tchoice_A", "20\t31\t30");
  EXPECT_THAT(window_->item(0).sequences[0].token_ids, ElementsAre(2, 20, 3, 30, 3));
  EXPECT_THAT(window_->item(0).sequences[1].token_ids, ElementsAre(2, 20, 3, 31, 3));
  EXPECT_THAT(refusal([&] { predict(RecordFormat::kTsv, "question\tchoice_A\tchoice_C", "20\t30\t31"); }),
              HasSubstr("without a gap"));
  EXPECT_THAT(refusal([&] { predict(RecordFormat::kTsv, "question\tchoice_A\tchoice_A\tchoice_B", "20\t1\t2\t3"); }),
              HasSubstr("without a gap"));
}

TEST_F(ChoiceStream, AnswersTakeTheFormOfTheData) {
  const auto answer = [this](const std::string& members) {
    const std::string line = predict(RecordFormat::kJsonl, "", R"({"question":"20",)" + members + "}");
    return nlohmann::json::parse(line)["prediction"];
  };
  EXPECT_EQ(answer(R"("choices":["30","31"])"), "B");
  EXPECT_EQ(answer(R"("choices":["30","31"],"label":0)"), 1);
  EXPECT_EQ(answer(R"("choices":["30","31"],"label":-1)"), 1);
  EXPECT_EQ(answer(R"("choices":{"text":["30","31"],"label":["1","2"]},"answerKey":"1")"), "2");
  EXPECT_EQ(predict(RecordFormat::kTsv, "question\tchoice1\tchoice2", "20\t30\t31"),
            "20\t30\t31\t2\t0.26894143\t0.7310586\n");
}

TEST_F(ChoiceStream, WhereTheDataSayNothingTheFormIsThatOfTheTrainingData) {
  write("train.jsonl", R"({"question":"20","choices":["30","31"],"label":0})");
  task_->settle(folder_ / "train.jsonl");
  const std::string line = predict(RecordFormat::kJsonl, "", R"({"question":"20","choices":["30","31"]})");
  EXPECT_EQ(nlohmann::json::parse(line)["prediction"], 1);
  EXPECT_EQ(predict(RecordFormat::kText, "", "\t20\t30\t31").substr(0, 2), "1\t");
}

TEST_F(ChoiceStream, OfObjects) {
  EXPECT_EQ(predict(RecordFormat::kJsonl, "", R"({"question":"20","choices":["30","31"],"label":"?"})"),
            R"({"question":"20","choices":["30","31"],"label":"?","prediction":"B","choice":"31",)"
            R"("probabilities":[0.26894143,0.7310586]})"
            "\n");
  EXPECT_THAT(refusal([&] { predict(RecordFormat::kJsonl, "", "{}"); }), HasSubstr("standard input:3: no field"));
}

}  // namespace
}  // namespace albert::tasks
