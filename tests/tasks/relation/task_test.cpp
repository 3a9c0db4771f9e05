#include "tasks/relation/task.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/fake_tokenizer.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/relation/settings.h"
#include "tasks/task.h"

namespace albert::tasks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::refusal;
using ::testing::SizeIs;

/// Markers that the vocabulary of numbers has.
RelationSettings numbers() {
  RelationSettings config;
  config.first_marker = "90";
  config.second_marker = "91";
  return config;
}

class RelationTaskTest : public ::testing::Test {
 protected:
  static std::unique_ptr<Task> make(const RelationSettings& settings, std::int64_t max_length = 32,
                                    const std::vector<std::string>& labels = {}) {
    TaskDefinition definition{.config = TaskConfig(relation_type()), .labels = labels};
    definition.config.max_sequence_length = max_length;
    definition.config.as<RelationSettings>() = settings;
    return make_task(std::move(definition), std::make_shared<testing::FakeTokenizer>());
  }

  fs::path write(const std::string& name, std::string_view content) const {
    testing::write_file(folder_ / name, content);
    return folder_ / name;
  }
  model::Item encode(const std::string& sentence, const RelationSettings& config, std::int64_t max_length = 32) const {
    const fs::path file = write("TEST_FILE.TXT", "1\t\"" + sentence + "\"\n");
    const auto task = make(config, max_length, {"a", "b"});
    return task->read(file, Part::kTest)->item(0);
  }

  testing::TemporaryFolder folder_;
};

TEST_F(RelationTaskTest, EntitiesStandBetweenMarkers) {
  const model::Item item = encode("10 <e1>11 12</e1> 13 <e2>14</e2>.", numbers());
  EXPECT_THAT(item.sequences.at(0).token_ids, ElementsAre(2, 10, 90, 11, 12, 90, 13, 91, 14, 91, 3));
  EXPECT_EQ(item.sequences[0].first_length, 11);
  EXPECT_TRUE(item.positions.empty());
}

TEST_F(RelationTaskTest, TheStartsOfBothEntitiesAreReadInTheirOwnOrder) {
  RelationSettings config = numbers();
  config.head = RelationHead::kEntityStarts;
  EXPECT_THAT(encode("10 <e1>11 12</e1> 13 <e2>14</e2>.", config).positions, ElementsAre(2, 7));
  EXPECT_THAT(encode("10 <e2>11 12</e2> 13 <e1>14</e1>.", config).positions, ElementsAre(7, 2));
  config.first_marker = config.second_marker = "";
  const model::Item unmarked = encode("10 <e1>11 12</e1> 13 <e2>14</e2>.", config);
  EXPECT_THAT(unmarked.sequences.at(0).token_ids, ElementsAre(2, 10, 11, 12, 13, 14, 3));
  EXPECT_THAT(unmarked.positions, ElementsAre(2, 5));
  EXPECT_EQ(make(config, 32, {"a", "b"})->head().kind, model::HeadKind::kEntityPair);
}

TEST_F(RelationTaskTest, MarkersOfNestedEntitiesAreNested) {
  const fs::path file = write("x.jsonl", R"({"text": "11 12 13", "first": [3, 5], "second": [0, 8]})"
                                         "\n"
                                         R"({"text": "11 12 13", "first": [0, 8], "second": [6, 8]})"
                                         "\n");
  const auto task = make(numbers(), 32, {"a", "b"});
  const auto data = task->read(file, Part::kTest);
  EXPECT_THAT(data->item(0).sequences[0].token_ids, ElementsAre(2, 91, 11, 90, 12, 90, 13, 91, 3));
  EXPECT_THAT(data->item(1).sequences[0].token_ids, ElementsAre(2, 90, 11, 12, 91, 13, 91, 90, 3));
}

TEST_F(RelationTaskTest, LongSentencesKeepBothEntities) {
  RelationSettings config = numbers();
  config.head = RelationHead::kEntityStarts;
  const std::string sentence = "10 11 12 13 <e1>14</e1> 15 <e2>16</e2> 17 18 19 20";
  EXPECT_THAT(encode(sentence, config, 11).sequences[0].token_ids,
              ElementsAre(2, 13, 90, 14, 90, 15, 91, 16, 91, 17, 3));
  EXPECT_THAT(encode(sentence, config, 11).positions, ElementsAre(2, 6));
  EXPECT_THAT(encode(sentence, config, 9).sequences[0].token_ids, ElementsAre(2, 90, 14, 90, 15, 91, 16, 91, 3));
  // What lies between the entities is the next to go.
  EXPECT_THAT(encode("<e1>14</e1> 20 21 22 23 24 25 <e2>16</e2>", config, 10).sequences[0].token_ids,
              ElementsAre(2, 90, 14, 90, 20, 25, 91, 16, 91, 3));
  EXPECT_THAT(encode("<e1>14</e1> 20 21 22 23 24 25 <e2>16</e2>", config, 10).positions, ElementsAre(1, 6));
  EXPECT_THAT(refusal<DataError>([&] { encode("<e1>1 2 3</e1> <e2>4 5 6 7 8 9</e2>", config, 8); }),
              HasSubstr("TEST_FILE.TXT:1: the entities are too long to be read in 8 tokens"));
  EXPECT_NO_THROW(encode("<e1>word</e1> <e2>4</e2>", numbers(), 8)) << "the markers are tokens";
  config.first_marker = config.second_marker = "";
  EXPECT_THAT(refusal<DataError>([&] { encode("<e1>word</e1> <e2>4</e2>", config, 8); }),
              HasSubstr("an entity has no token"));
}

TEST_F(RelationTaskTest, AMarkerMustBeInTheVocabulary) {
  EXPECT_THAT(refusal<UsageError>([&] { encode("<e1>1</e1> <e2>2</e2>", RelationSettings()); }),
              HasSubstr("task.relation.first_marker: the vocabulary has no piece for '$'"));
}

TEST_F(RelationTaskTest, ADividedFileServesTrainingAndEvaluation) {
  std::string content;
  for (int i = 0; i < 100; ++i) {
    content += fmt::format("{0}\t\"<e1>{0}</e1> <e2>7</e2>\"\n{1}\nComment:\n\n", i + 5, i % 2 ? "Other" : "R(e1,e2)");
  }
  const fs::path file = write("TRAIN_FILE.TXT", content);
  const auto task = make(numbers());
  EXPECT_THAT(refusal<DataError>([&] { task->find(folder_.path(), Part::kDevelopment); }), HasSubstr("task.held_out"));
  task->settle(folder_.path());
  EXPECT_EQ(task->find(folder_.path(), Part::kTrain), task->find(folder_.path(), Part::kDevelopment));
  EXPECT_THAT(task->definition().labels, ElementsAre("Other", "R(e1,e2)"));
  EXPECT_EQ(task->definition().config.held_out_of, "TRAIN_FILE.TXT");
  EXPECT_EQ(task->head().kind, model::HeadKind::kClassification);
  EXPECT_EQ(task->head().num_labels, 2);
  const auto train = task->read(file, Part::kTrain), development = task->read(file, Part::kDevelopment);
  EXPECT_EQ(train->num_items() + development->num_items(), 100);
  EXPECT_GT(development->num_items(), 2);
  EXPECT_LT(development->num_items(), 25);
  EXPECT_EQ(task->read(file, Part::kTest)->num_items(), 100);
  std::set<std::vector<std::int32_t>> seen;
  for (const auto& data : {train.get(), development.get()}) {
    for (std::size_t i = 0; i < data->num_items(); ++i) seen.insert(data->item(i).sequences[0].token_ids);
  }
  EXPECT_THAT(seen, SizeIs(96));  // of ids above 100 the vocabulary has none
}

TEST_F(RelationTaskTest, AFileForEvaluationLeavesTheTrainingWhole) {
  const std::string lines = R"({"text": "10 11", "first": [0, 2], "second": [3, 5], "label": "a"})"
                            "\n"
                            R"({"text": "10 11", "first": [0, 2], "second": [3, 5], "label": "b"})"
                            "\n";
  const fs::path train = write("train.jsonl", lines), dev = write("dev.jsonl", lines);
  const auto task = make(numbers());
  EXPECT_THAT(task->find(folder_.path(), Part::kDevelopment), ElementsAre(dev));
  task->settle(folder_.path());
  EXPECT_EQ(task->definition().config.held_out_of, "");
  EXPECT_EQ(task->read(train, Part::kTrain)->num_items(), 2);
  const fs::path other = write("other.jsonl", R"({"text": "10 11", "first": [0, 2], "second": [3, 5], "label": "c"})");
  EXPECT_THAT(refusal<DataError>([&] { task->read(other, Part::kDevelopment); }),
              HasSubstr("other.jsonl:1: the label 'c' is none of the 2 that the model knows: 'a', 'b'"));
  EXPECT_THAT(refusal<DataError>([&] { make(numbers())->settle(other); }), HasSubstr("two or more labels, found 1"));
}

TEST_F(RelationTaskTest, JudgesAndWritesTheScorersFile) {
  const fs::path file = write("TEST_FILE_FULL.TXT",
                              "8001\t\"<e1>1</e1> <e2>2</e2>\"\nCause-Effect(e1,e2)\n\n"
                              "8002\t\"<e1>1</e1> <e2>3</e2>\"\nOther\n");
  const auto task = make(numbers(), 32, {"Cause-Effect(e1,e2)", "Cause-Effect(e2,e1)", "Other"});
  const auto data = task->read(file, Part::kTest);
  data->take_scores(0, std::vector<float>{1, 2, 0});
  data->take_scores(1, std::vector<float>{0, 0, 3});
  EXPECT_EQ(metrics::find(data->judge().figures, "macro_f1"), 0);  // the direction is wrong
  EXPECT_EQ(task->metric(), "macro_f1");
  EXPECT_TRUE(task->is_in_percent("macro_f1"));
  EXPECT_FALSE(task->is_in_percent("accuracy"));
  data->write_predictions(folder_ / "answers.txt");
  EXPECT_EQ(read_file(folder_ / "answers.txt"), "8001\tCause-Effect(e2,e1)\n8002\tOther\n");
  data->take_scores(0, std::vector<float>{2, 1, 0});
  EXPECT_GT(metrics::find(data->judge().figures, "macro_f1"), 0);
}

TEST_F(RelationTaskTest, WritesJsonLinesWithTheAnswersAsMembers) {
  const std::string row = R"({"text": "10 11", "first": [0, 2], "second": [3, 5], "label": "b"})";
  const auto task = make(numbers(), 32, {"a", "b"});
  const auto data = task->read(write("dev.jsonl", row + "\n"), Part::kDevelopment);
  EXPECT_EQ(data->describe(), "1 sentences; 0 shortened");
  EXPECT_THROW(data->take_scores(0, std::vector<float>{1}), InternalError);
  data->take_scores(0, std::vector<float>{0, 0});
  data->write_predictions(folder_ / "out.jsonl");
  EXPECT_EQ(read_file(folder_ / "out.jsonl"),
            R"({"text": "10 11","first": [0, 2],"second": [3, 5],"label": "b","prediction":"a",)"
            R"("probabilities":{"a":0.5,"b":0.5}})"
            "\n");
}

TEST_F(RelationTaskTest, PredictsOnStreams) {
  const auto task = make(numbers(), 32, {"a", "b"});
  std::string out_header;
  const auto predict = [&](RecordFormat format, std::string_view header, std::string_view record) {
    const auto window = task->open_window(format, header, out_header);
    window->add(record, {.file = "standard input", .line = 2, .id = {}});
    window->take_scores(0, std::vector<float>{0, 0});
    std::string out;
    window->write(0, out);
    return out;
  };
  EXPECT_EQ(predict(RecordFormat::kText, "", "<e1>1</e1> <e2>2</e2>"), "a\t0.500000\n");
  EXPECT_THAT(predict(RecordFormat::kTsv, "id\tsentence", "7\t<e1>1</e1> <e2>2</e2>"),
              HasSubstr("7\t<e1>1</e1> <e2>2</e2>\ta\t"));
  EXPECT_THAT(out_header, HasSubstr("id\tsentence\tprediction\t"));
  EXPECT_THAT(predict(RecordFormat::kJsonl, "", R"({"text":"1 2","first":[0,1],"second":[2,3]})"),
              HasSubstr(R"("prediction":"a")"));
  EXPECT_EQ(predict(RecordFormat::kAnswers, "", R"({"text":"1 2","first":[0,1],"second":[2,3],"prediction":"b"})"),
            R"({"prediction":"a","probabilities":{"a":0.5,"b":0.5}})"
            "\n");
  EXPECT_THAT(refusal<DataError>([&] { predict(RecordFormat::kText, "", "1 2"); }),
              HasSubstr("standard input:2: expected the tag <e1> once"));
  EXPECT_THAT(refusal<DataError>([&] { predict(RecordFormat::kTsv, "text", "1"); }),
              HasSubstr("expected a column named 'sentence', found: 'text'"));
  EXPECT_THAT(refusal<DataError>([&] { predict(RecordFormat::kTsv, "sentence\tprediction", ""); }),
              HasSubstr("there is a column 'prediction' already"));
}

TEST(RelationSettings, ContradictionsAreFound) {
  const auto mistakes = [](const RelationSettings& config) {
    config::Checks checks([](std::string_view key) { return std::string(key); });
    config.check(checks, "task.relation.");
    return checks.messages();
  };
  RelationSettings config;
  EXPECT_THAT(mistakes(config), SizeIs(0));
  config.second_marker = config.first_marker;
  EXPECT_THAT(mistakes(config), ElementsAre(HasSubstr("is the same as first_marker")));
  config.first_marker = config.second_marker = "";
  EXPECT_THAT(mistakes(config), ElementsAre(HasSubstr("without markers [CLS] cannot know the entities")));
  config.head = RelationHead::kEntityStarts;
  EXPECT_THAT(mistakes(config), SizeIs(0));
  config.first_marker = "$";
  EXPECT_THAT(mistakes(config), ElementsAre(HasSubstr("markers around both entities or around none")));
}

}  // namespace
}  // namespace albert::tasks
