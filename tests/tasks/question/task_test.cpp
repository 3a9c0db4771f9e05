#include "tasks/question/task.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "support/fake_tokenizer.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/definition_json.h"
#include "tasks/question/settings.h"
#include "tasks/task.h"

namespace albert::tasks {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::refusal;

using Change = std::function<void(QuestionSettings&)>;

TaskDefinition definition_of(const Change& change = {}) {
  TaskDefinition definition{.config = TaskConfig(question_type())};
  definition.config.max_sequence_length = 16;
  definition.config.as<QuestionSettings>().max_question_length = 4;
  if (change) change(definition.config.as<QuestionSettings>());
  return definition;
}

std::unique_ptr<Task> open(TaskDefinition definition) {
  return make_task(std::move(definition), std::make_shared<testing::FakeTokenizer>());
}
std::unique_ptr<Task> open(const Change& change = {}) {
  return open(definition_of(change));
}

void allow_no_answer(QuestionSettings& settings) {
  settings.no_answer = true;
}

/// Two questions about one context; the second one's answers are as given.
std::string squad_of(const std::string& second) {
  return R"({"data": [{"paragraphs": [{"context": "10 11 12 13", "qas": [
      {"id": "a", "question": "50", "answers": [{"text": "11 12", "answer_start": 3}]},
      {"id": "b", "question": "51", "answers": )" +
         second + "}]}]}]}";
}

/// Gives an item scores that are high at a start, an end, and the first token.
void point_at(DataSet& data, std::size_t item, std::size_t start, std::size_t end, float none = -5) {
  const auto length = static_cast<std::size_t>(data.item(item).num_tokens());
  std::vector<float> scores(2 * length, -5);
  scores[start] = scores[length + end] = 5;
  scores[0] = scores[length] = none;
  data.take_scores(item, scores);
}

TEST(QuestionTask, FindsTheFilesOfEachLayout) {
  const testing::TemporaryFolder folder;
  for (const char* name : {"train-v1.1.json", "train-v2.0.json", "dev-v1.1.json", "cmrc2018_dev.json", "test.jsonl"}) {
    testing::write_file(folder / name, "{}");
  }
  const auto squad1 = open(), squad2 = open(allow_no_answer);
  const auto cmrc = open([](auto& settings) { settings.scoring = AnswerScoring::kCmrc; });
  EXPECT_THAT(squad1->find(folder.path(), Part::kTrain), ElementsAre(folder / "train-v1.1.json"));
  EXPECT_THAT(squad2->find(folder.path(), Part::kTrain), ElementsAre(folder / "train-v2.0.json"));
  EXPECT_THAT(cmrc->find(folder.path(), Part::kDevelopment), ElementsAre(folder / "cmrc2018_dev.json"));
  EXPECT_THAT(squad1->find(folder.path(), Part::kTest), ElementsAre(folder / "test.jsonl"));
  EXPECT_THAT(squad1->find(folder / "test.jsonl", Part::kDevelopment), ElementsAre(folder / "test.jsonl"));
  EXPECT_THAT(refusal<DataError>([&] { squad2->find(folder.path(), Part::kDevelopment); }),
              HasSubstr("dev-v2.0.json, dev.json, dev.jsonl"));
  testing::write_file(folder / "validation.ndjson", "{}");
  EXPECT_THAT(squad2->find(folder.path(), Part::kDevelopment), ElementsAre(folder / "validation.ndjson"));
  EXPECT_THROW(squad1->find(folder / "nowhere", Part::kTrain), DataError);
}

TEST(QuestionTask, QuestionsAboutOneContextAreNotDivided) {
  const testing::TemporaryFolder folder;
  const fs::path file = folder / "all.jsonl";
  std::string lines;
  for (int i = 0; i < 120; ++i) {
    const int context = i / 3 + 10;
    lines +=
        fmt::format(R"({{"context": "{0} 5", "question": "{1}", "answers": [{{"text": "5", "answer_start": 3}}]}})",
                    context, i % 3 + 60) +
        "\n";
  }
  testing::write_file(file, lines);
  const auto task = open();
  task->settle(file);
  EXPECT_TRUE(task->divides(file));
  const auto train = task->read(file, Part::kTrain), development = task->read(file, Part::kDevelopment);
  EXPECT_EQ(train->num_examples() + development->num_examples(), 120U);
  EXPECT_EQ(development->num_examples() % 3, 0U);
  EXPECT_GE(development->num_examples(), 3U);
  EXPECT_THAT(development->describe(),
              AllOf(HasSubstr(fmt::format("{} contexts", development->num_examples() / 3)),
                    HasSubstr(fmt::format("{} kept for the other one", train->num_examples()))));
  EXPECT_EQ(task->read(file, Part::kTest)->num_examples(), 120U);
}

TEST(QuestionTask, HeadAndMetricFollowTheConfiguration) {
  EXPECT_EQ(open()->head().kind, model::HeadKind::kQuestionAnswering);
  EXPECT_EQ(open()->metric(), "f1");
  const auto joint = open([](auto& settings) {
    settings.no_answer = settings.joint_head = true;
    settings.num_starts = 3;
  });
  EXPECT_EQ(joint->head().kind, model::HeadKind::kJointQuestionAnswering);
  EXPECT_EQ(joint->head().num_starts, 3);
  EXPECT_EQ(joint->metric(), "best_f1");
  TaskDefinition definition = definition_of();
  definition.config.metric = "exact_match";
  EXPECT_EQ(open(definition)->metric(), "exact_match");
  definition.config.metric = "best_f1";
  EXPECT_THROW(open(definition), UsageError);
  definition = definition_of();
  definition.config.max_sequence_length = 7;
  EXPECT_THAT(refusal<UsageError>([&] { open(definition); }),
              HasSubstr("7 tokens leave no room for a context beside 4"));
}

TEST(QuestionTask, ContradictionsInTheConfigurationAreMistakes) {
  const auto mistakes_of = [](const Change& change) {
    config::Checks checks([](std::string_view) { return std::string("here"); });
    definition_of(change).config.check(checks);
    return checks.messages();
  };
  EXPECT_TRUE(mistakes_of({}).empty());
  EXPECT_THAT(mistakes_of([](auto& settings) { settings.joint_head = true; }), ElementsAre(HasSubstr("joint_head")));
  EXPECT_THAT(mistakes_of([](auto& settings) { settings.null_threshold = 1; }),
              ElementsAre(HasSubstr("null_threshold")));
  EXPECT_THAT(mistakes_of([](auto& settings) {
                settings.no_answer = true;
                settings.scoring = AnswerScoring::kCmrc;
              }),
              ElementsAre(HasSubstr("scoring")));
}

TEST(QuestionTask, TransformersHasAClassForThePlainHeadOnly) {
  EXPECT_EQ(definition_of().config.settings().transformers_head().architecture, "AlbertForQuestionAnswering");
  const auto joint = definition_of([](auto& settings) { settings.no_answer = settings.joint_head = true; });
  EXPECT_EQ(joint.config.settings().transformers_head().architecture, kNoHead);
  EXPECT_FALSE(definition_of().config.settings().score_options().null_odds);
  EXPECT_TRUE(joint.config.settings().score_options().null_odds);
}

TEST(QuestionTask, AModelOfTransformersHasWindowsThatFit) {
  const auto infer = [](std::int64_t max_length) {
    return definition_from_json(R"({"architectures": ["AlbertForQuestionAnswering"]})", "config.json", max_length)
        .value();
  };
  EXPECT_EQ(infer(512).definition.config.max_sequence_length, 384);
  EXPECT_THAT(infer(512).assumed, ElementsAre("every question has an answer (task.question.no_answer)",
                                              HasSubstr("windows of 384 tokens a step of 96 apart, questions of at "
                                                        "most 64 (task.max_sequence_length")));
  const TaskConfig small = infer(64).definition.config;
  EXPECT_EQ(small.max_sequence_length, 64);
  EXPECT_EQ(small.as<QuestionSettings>().max_question_length, 16);
  EXPECT_EQ(small.as<QuestionSettings>().stride, 16);
}

TEST(QuestionTask, JudgesByTheOfficialMetric) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "dev.json", squad_of(R"([{"text": "13", "answer_start": 9}])"));
  const auto task = open();
  const auto data = task->read(folder / "dev.json", Part::kDevelopment);
  EXPECT_EQ(data->num_examples(), 2U);
  EXPECT_TRUE(data->is_labelled());
  point_at(*data, 0, 4, 5);  // right
  point_at(*data, 1, 5, 6);  // "12 13" instead of "13"
  const Judgement judgement = data->judge();
  EXPECT_EQ(metrics::find(judgement.figures, "exact_match"), 50);
  EXPECT_NEAR(*metrics::find(judgement.figures, "f1"), 100 * (1 + 2.0 / 3) / 2, 1e-9);
  data->write_predictions(folder / "predictions.json");
  EXPECT_EQ(nlohmann::json::parse(read_file(folder / "predictions.json")),
            nlohmann::json({{"a", "11 12"}, {"b", "12 13"}}));
  EXPECT_TRUE(fs::exists(folder / "predictions.n_best.json"));
  EXPECT_FALSE(fs::exists(folder / "predictions.null_odds.json"));
}

TEST(QuestionTask, TheBestThresholdIsKept) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "dev.json", squad_of("[]"));
  const auto scored = [&](const Task& task) {
    auto data = task.read(folder / "dev.json", Part::kDevelopment);
    point_at(*data, 0, 4, 5, 6);  // odds 2: "11 12" is right
    point_at(*data, 1, 4, 5, 7);  // odds 4: that there is none is right
    data->write_predictions(folder / "predictions.json");
    return data;
  };
  const auto task = open(allow_no_answer);
  const auto data = scored(*task);
  EXPECT_EQ(metrics::find(data->judge().figures, "f1"), 50) << "both odds are above 0";
  EXPECT_EQ(metrics::find(data->judge().figures, "best_f1"), 100);
  const TaskDefinition fitted = data->fitted().value();
  EXPECT_EQ(fitted.config.as<QuestionSettings>().null_threshold, 2);
  EXPECT_EQ(metrics::find(data->judge(fitted).figures, "f1"), 100);
  EXPECT_EQ(metrics::find(scored(*open(fitted))->judge().figures, "f1"), 100);
  EXPECT_EQ(nlohmann::json::parse(read_file(folder / "predictions.json")), nlohmann::json({{"a", "11 12"}, {"b", ""}}));
  EXPECT_EQ(nlohmann::json::parse(read_file(folder / "predictions.null_odds.json")),
            nlohmann::json({{"a", 2.0}, {"b", 4.0}}));
  EXPECT_EQ(nlohmann::json::parse(read_file(folder / "predictions.n_best.json"))["b"][0]["text"], "");
}

TEST(QuestionTask, WhereNoAnswerIsBestNothingIsAnswered) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "dev.jsonl", R"({"question": "50", "context": "10 11", "answers": []})");
  const auto task = open(allow_no_answer);
  const auto data = task->read(folder / "dev.jsonl", Part::kDevelopment);
  point_at(*data, 0, 4, 4, -5);  // odds far below 0
  const TaskDefinition fitted = data->fitted().value();
  EXPECT_LT(fitted.config.as<QuestionSettings>().null_threshold, -20);
  EXPECT_EQ(metrics::find(data->judge(fitted).figures, "f1"), 100);
}

TEST(QuestionTask, MayBeScoredAgain) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "dev.jsonl", R"({"question": "50", "context": "10 11", "answers": ["11"]})");
  const auto task = open();
  const auto data = task->read(folder / "dev.jsonl", Part::kDevelopment);
  point_at(*data, 0, 3, 3);
  EXPECT_EQ(metrics::find(data->judge().figures, "f1"), 0);
  point_at(*data, 0, 4, 4);
  EXPECT_EQ(metrics::find(data->judge().figures, "f1"), 100) << "the scores before do not count";
}

TEST(QuestionTask, WindowsMayGetTheirScoresInAnyOrder) {
  const testing::TemporaryFolder folder;
  std::string context;
  for (int i = 10; i < 50; ++i) context += fmt::format("{} ", i);
  testing::write_file(folder / "dev.jsonl",
                      fmt::format(R"({{"question": "50", "context": "{}", "answers": ["24"]}})", context));
  const auto task = open([](auto& settings) { settings.stride = 4; });
  const auto judge = [&](bool is_reversed) {
    const auto data = task->read(folder / "dev.jsonl", Part::kDevelopment);
    const std::size_t count = data->num_items();
    EXPECT_GT(count, 5U);
    EXPECT_THROW(data->judge(), InternalError) << "there are no scores";
    for (std::size_t i = 0; i < count; ++i) {
      point_at(*data, is_reversed ? count - 1 - i : i, 4, 5);
    }
    data->write_predictions(folder / "predictions.json");
    return read_file(folder / "predictions.n_best.json");
  };
  EXPECT_EQ(judge(false), judge(true));
}

// What `score` says of the files of an evaluation is what the evaluation said.
TEST(QuestionTask, ScoreOfItsOwnFilesIsTheEvaluation) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "dev.json", squad_of("[]"));
  const auto task = open([](auto& settings) {
    settings.no_answer = true;
    settings.null_threshold = 3;
  });
  const auto data = task->read(folder / "dev.json", Part::kDevelopment);
  point_at(*data, 0, 4, 5, 6);  // odds 2
  point_at(*data, 1, 4, 5, 7);  // odds 4
  data->write_predictions(folder / "out.json");
  const ScoreFiles files{.gold = folder / "dev.json",
                         .predictions = folder / "out.json",
                         .null_odds = folder / "out.null_odds.json",
                         .null_threshold = 3};
  TaskDefinition definition{.config = TaskConfig(question_type())};
  definition.config.as<QuestionSettings>().no_answer = true;
  const auto figures = make_task(definition, nullptr)->score(files).figures;
  EXPECT_EQ(metrics::find(figures, "f1"), 100);
  EXPECT_EQ(figures, data->judge().figures);
}

TEST(QuestionTask, TrainsOnAnswersThatHaveAPlace) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "train.json", squad_of(R"([{"text": "99", "answer_start": -1}])"));
  EXPECT_THROW(open()->read(folder / "train.json", Part::kTrain), DataError);
  const auto task = open([](auto& settings) { settings.misplaced_answers = MisplacedAnswers::kSkip; });
  const auto training = task->read(folder / "train.json", Part::kTrain);
  EXPECT_EQ(training->num_examples(), 1U);
  EXPECT_THAT(training->item(0).labels, ElementsAre(4, 5));
  EXPECT_THAT(training->describe(), AllOf(HasSubstr("1 answer misplaced"), HasSubstr("1 question left out")));
  const auto development = task->read(folder / "train.json", Part::kDevelopment);
  EXPECT_EQ(development->num_examples(), 2U) << "its text still counts";
  EXPECT_TRUE(development->item(1).labels.empty());
  EXPECT_EQ(development->describe(),
            "2 questions about 1 context; 2 windows of up to 16 tokens; 1 answer misplaced in the context");
}

TEST(QuestionTask, ReadsJsonLines) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "dev.jsonl", R"({"question": "50", "context": "10 11", "answers": ["11"]})");
  const auto task = open();
  const auto data = task->read(folder / "dev.jsonl", Part::kDevelopment);
  EXPECT_EQ(data->num_items(), 1U);
  EXPECT_THAT(data->item(0).labels, ElementsAre(4, 4));
}

TEST(QuestionTask, LabelsMustFitTheTask) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "none.json", squad_of("[]"));
  testing::write_file(folder / "unlabelled.json",
                      R"({"data": [{"paragraphs": [{"context": "10 11", "qas": [{"id": "b", "question": "50"}]}]}]})");
  const auto task = open();
  EXPECT_THAT(refusal<DataError>([&] { task->read(folder / "none.json", Part::kDevelopment); }),
              AllOf(HasSubstr("none.json: question b"), HasSubstr("no_answer: true")));
  EXPECT_FALSE(task->read(folder / "none.json", Part::kTest)->is_labelled());
  EXPECT_TRUE(open(allow_no_answer)->read(folder / "none.json", Part::kTrain)->is_labelled());
  EXPECT_THAT(refusal<DataError>([&] { task->read(folder / "unlabelled.json", Part::kTrain); }),
              HasSubstr("question b: expected 'answers' in a training file"));
  const auto unlabelled = task->read(folder / "unlabelled.json", Part::kDevelopment);
  EXPECT_FALSE(unlabelled->is_labelled());
  EXPECT_THAT(unlabelled->describe(), HasSubstr("1 question not labelled"));
}

}  // namespace
}  // namespace albert::tasks
