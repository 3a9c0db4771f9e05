#include "tasks/tokens/task.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "support/fake_tokenizer.h"
#include "support/log_capture.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/task.h"
#include "tasks/tokens/settings.h"

namespace albert::tasks {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TemporaryFolder;
using testing::write_file;

class TokenTaskTest : public ::testing::Test {
 protected:
  TokenTaskTest() {
    write_file(folder_ / "train.conll", "7 B-PER\n8 I-PER\n9 O\n9 O\n\nx O\n");
    write_file(folder_ / "dev.conll", "x O\n7 B-PER\n9 O\n\n8 O\n");
  }

  static TaskDefinition definition(std::vector<std::string> labels = {}) {
    return {.config = TaskConfig(tokens_type()), .labels = std::move(labels)};
  }

  std::unique_ptr<Task> make(TaskDefinition made_of = definition()) const {
    return make_task(std::move(made_of), std::make_shared<testing::FakeTokenizer>());
  }

  std::unique_ptr<Task> trained() const {
    auto task = make();
    task->settle(folder_.path());
    return task;
  }

  template <typename Action>
  static std::string error_of(const Action& action) {
    return testing::refusal<Error>(action);
  }

  TemporaryFolder folder_;
};

/// The score of a class for each position of an item: that of `label` is highest.
std::vector<float> scores_for(const ItemSet& items, std::size_t item, std::size_t label, std::size_t num_labels) {
  std::vector<float> scores(items.item(item).positions.size() * num_labels, 0);
  for (std::size_t i = label; i < scores.size(); i += num_labels) scores[i] = 9;
  return scores;
}

TEST_F(TokenTaskTest, LabelsAreThoseOfTheTrainingData) {
  const auto task = trained();
  EXPECT_THAT(task->definition().labels, ElementsAre("B-PER", "I-PER", "O"));
  EXPECT_EQ(task->definition().config.as<TokenSettings>().fallback_tag, "O");
  EXPECT_EQ(task->head().kind, model::HeadKind::kTokenClassification);
  EXPECT_EQ(task->head().num_labels, 3);
  EXPECT_EQ(task->metric(), "f1");
}

TEST_F(TokenTaskTest, OfSeveralFilesEachIsNamedWithItsOwnLines) {
  const auto task = trained();
  const fs::path one = folder_ / "one.conll", two = folder_ / "two.conll";
  testing::write_file(one, "5 O\n6 B-PER\n\n7 O\n");
  testing::write_file(two, "5 O\n\n8 O\n9 B-LOC\n");
  EXPECT_EQ(task->read(std::vector{one, one}, Part::kDevelopment)->num_examples(), 4U);
  EXPECT_THAT(testing::refusal<DataError>([&] {
                task->read(std::vector{one, two}, Part::kDevelopment);
              }),
              HasSubstr("two.conll:4"));
}

TEST_F(TokenTaskTest, LabelsThatAreKnownStay) {
  const std::vector<std::string> labels = {"O", "I-PER", "B-PER", "B-LOC"};
  auto task = make(definition(labels));
  task->settle(folder_ / "train.conll");
  EXPECT_EQ(task->definition().labels, labels);
  TaskDefinition configured = definition();
  configured.config.as<TokenSettings>().all_labels = labels;
  EXPECT_EQ(make(configured)->definition().labels, labels);
}

TEST_F(TokenTaskTest, TagsThatMayBeMeantToBeOneAreReported) {
  const testing::LogCapture log;
  write_file(folder_ / "train.conll", "7 B-PER\n8 O\n\n9 B-Per\n");
  make(definition())->settle(folder_ / "train.conll");
  EXPECT_THAT(log.text(), HasSubstr("'B-PER' and 'B-Per' are two classes that differ in upper and lower case"));
}

TEST_F(TokenTaskTest, ATagOfNumberSignsAloneMayBeAComment) {
  const testing::LogCapture log;
  TaskDefinition of_tags = definition();
  of_tags.config.as<TokenSettings>().score = TagScoring::kTags;
  write_file(folder_ / "train.conll", "# doc1\n7 NN\n8 VB\n\n# SYM\n7 SYM\n");
  make(of_tags)->settle(folder_ / "train.conll");
  EXPECT_THAT(log.text(), AllOf(HasSubstr("the tag 'doc1' is of words # alone"), HasSubstr("task.tokens.comments"),
                                Not(HasSubstr("'SYM'"))));
}

TEST_F(TokenTaskTest, OneTagIsNothingToChooseFrom) {
  write_file(folder_ / "train.conll", "7 O\n8 O\n");
  EXPECT_THAT(error_of([&] { trained(); }),
              HasSubstr("train.conll: expected at least two tags to choose from, found only 'O'"));
}

TEST_F(TokenTaskTest, WhileAModelIsTrainedUnseenTagsAreRefusedWithTheirLine) {
  write_file(folder_ / "dev.conll", "7 O\n\n8 B-PERS\n");
  const auto task = trained();
  const std::string error = error_of([&] { task->read(folder_ / "dev.conll", Part::kDevelopment); });
  EXPECT_THAT(error,
              HasSubstr("dev.conll:3: the label 'B-PERS' is none of the 3 that the model knows: 'B-PER', 'I-PER'"));
  EXPECT_THAT(error, HasSubstr("is it 'B-PER'?"));
  write_file(folder_ / "dev.conll", "7 S-PER\n\n8 B-ORGANIZATION\n");
  EXPECT_THAT(
      error_of([&] { task->read(folder_ / "dev.conll", Part::kDevelopment); }),
      AllOf(HasSubstr("dev.conll:3: the label 'B-ORGANIZATION'"), HasSubstr("name all labels in task.tokens.labels")));
}

TEST_F(TokenTaskTest, UnseenTagsAreJudgedAsWrongWithAWarning) {
  write_file(folder_ / "dev.conll", "7 B-LOC\n8 S-PER\n9 O\n");
  const testing::LogCapture log;
  const auto task = make(definition({"I-PER", "O"}));
  const auto data = task->read(folder_ / "dev.conll", Part::kDevelopment);
  EXPECT_THAT(log.text(), AllOf(HasSubstr("1 of 3 labels were never seen"),
                                HasSubstr("'B-LOC' (1 time, first in line 1)"), Not(HasSubstr("S-PER"))));
  for (std::size_t i = 0; i < data->num_items(); ++i) data->take_scores(i, scores_for(*data, i, 0, 2));
  const Judgement judgement = data->judge();
  EXPECT_EQ(metrics::find(judgement.figures, "accuracy"), 0.0);
  TaskDefinition strict = definition({"I-PER", "O"});
  strict.config.unseen_labels = UnseenLabels::kRefuse;
  EXPECT_THAT(error_of([&] { make(strict)->read(folder_ / "dev.conll", Part::kDevelopment); }), HasSubstr("'B-LOC'"));
}

TEST_F(TokenTaskTest, WordsWithoutATagAreNoExamples) {
  const auto line = [](const char* id, const char* word, const char* tag) {
    return fmt::format("{}\t{}\t_\t{}\t_\t_\t_\t_\t_\t_\n", id, word, tag);
  };
  write_file(folder_ / "train.conllu",
             line("1", "7", "DET") + line("2", "8", "_") + line("3", "9", "NOUN") + "\n" + line("1", "7", "_") + "\n");
  TaskDefinition of_tags = definition();
  of_tags.config.as<TokenSettings>().score = TagScoring::kTags;
  of_tags.config.held_out = 0;
  auto task = make(of_tags);
  task->settle(folder_ / "train.conllu");
  EXPECT_THAT(task->definition().labels, ElementsAre("DET", "NOUN"));
  const auto data = task->read(folder_ / "train.conllu", Part::kTrain);
  ASSERT_EQ(data->num_items(), 1U);
  EXPECT_THAT(data->item(0).labels, ElementsAre(0, 1));
  EXPECT_THAT(data->item(0).positions, ElementsAre(1, 3));
  EXPECT_THAT(data->describe(), AllOf(HasSubstr("1 sentence left out"), HasSubstr("1 word without a tag")));
  // To be predicted, they are words like others.
  const auto whole = task->read(folder_ / "train.conllu", Part::kTest);
  EXPECT_EQ(whole->num_examples(), 2U);
  for (std::size_t i = 0; i < whole->num_items(); ++i) whole->take_scores(i, scores_for(*whole, i, 1, 2));
  EXPECT_EQ(metrics::find(whole->judge().figures, "accuracy"), 0.5);
}

TEST_F(TokenTaskTest, EntitiesNeedTagsOfAScheme) {
  write_file(folder_ / "train.conll", "7 B-PER\n8 X-PER\n\n9 O\n");
  EXPECT_THAT(error_of([&] { trained(); }),
              AllOf(HasSubstr("train.conll:2: the tag 'X-PER' is none of"), HasSubstr("task.tokens.score: tags")));
  TaskDefinition of_tags = definition();
  of_tags.config.as<TokenSettings>().score = TagScoring::kTags;
  auto task = make(of_tags);
  task->settle(folder_ / "train.conll");
  EXPECT_THAT(task->definition().labels, ElementsAre("B-PER", "O", "X-PER"));
}

TEST_F(TokenTaskTest, PredictionsAreJudgedAndWritten) {
  const auto task = trained();
  const auto data = task->read(folder_ / "dev.conll", Part::kDevelopment);
  EXPECT_EQ(data->describe(), "2 sentences, 4 words; the tag O for 1 word of which the tokenizer leaves nothing");
  ASSERT_EQ(data->num_items(), 2U);
  data->take_scores(0, std::vector<float>{9, 0, 0, 0, 0, 9});  // B-PER, O
  data->take_scores(1, scores_for(*data, 1, 0, 3));            // B-PER
  const Judgement judgement = data->judge();
  EXPECT_EQ(metrics::find(judgement.figures, "precision"), 0.5);
  EXPECT_EQ(metrics::find(judgement.figures, "recall"), 1.0);
  data->write_predictions(folder_ / "out");
  EXPECT_EQ(read_file(folder_ / "out"), "x O O\n7 B-PER B-PER\n9 O O\n\n8 O B-PER\n");
}

TEST_F(TokenTaskTest, TagsAreJudgedByAccuracy) {
  TaskDefinition of_tags = definition();
  of_tags.config.as<TokenSettings>().score = TagScoring::kTags;
  auto task = make(of_tags);
  EXPECT_EQ(task->metric(), "accuracy");
  task->settle(folder_ / "train.conll");
  const auto data = task->read(folder_ / "dev.conll", Part::kDevelopment);
  for (std::size_t i = 0; i < data->num_items(); ++i) data->take_scores(i, scores_for(*data, i, 2, 3));
  EXPECT_EQ(metrics::find(data->judge().figures, "accuracy"), 0.75);
}

TEST_F(TokenTaskTest, FilesWithoutTagsCanBePredicted) {
  write_file(folder_ / "test.conll", "7\n\n8\n");
  const auto task = trained();
  const auto data = task->read(folder_ / "test.conll", Part::kTest);
  EXPECT_FALSE(data->is_labelled());
  for (std::size_t i = 0; i < 2; ++i) data->take_scores(i, scores_for(*data, i, 1, 3));
  data->write_predictions(folder_ / "out");
  EXPECT_EQ(read_file(folder_ / "out"), "7 I-PER\n\n8 I-PER\n");
  EXPECT_THAT(error_of([&] { task->read(folder_ / "test.conll", Part::kTrain); }),
              HasSubstr("test.conll:1: expected the tag"));
}

TEST_F(TokenTaskTest, PartsAreFoundByTheNamesOfPublicDataSets) {
  const auto task = make();
  for (const char* name : {"conll", "ud", "wnut"}) fs::create_directory(folder_ / name);
  for (const char* name : {"eng.train", "eng.testa", "eng.testb", "README.txt", "train.json"}) {
    write_file(folder_ / "conll" / name, "");
  }
  for (const char* name : {"en_ewt-ud-train.conllu", "en_ewt-ud-dev.conllu", "en_ewt-ud-test.conllu"}) {
    write_file(folder_ / "ud" / name, "");
  }
  for (const char* name : {"wnut17train.conll", "emerging.dev.conll", "emerging.test.annotated"}) {
    write_file(folder_ / "wnut" / name, "");
  }
  EXPECT_THAT(task->find(folder_ / "conll", Part::kTrain), ElementsAre(folder_ / "conll/eng.train"));
  EXPECT_THAT(task->find(folder_ / "conll", Part::kDevelopment), ElementsAre(folder_ / "conll/eng.testa"));
  EXPECT_THAT(task->find(folder_ / "conll", Part::kTest), ElementsAre(folder_ / "conll/eng.testb"));
  EXPECT_THAT(task->find(folder_ / "ud", Part::kDevelopment), ElementsAre(folder_ / "ud/en_ewt-ud-dev.conllu"));
  EXPECT_THAT(task->find(folder_ / "wnut", Part::kTrain), ElementsAre(folder_ / "wnut/wnut17train.conll"));
  EXPECT_THAT(task->find(folder_ / "wnut", Part::kTest), ElementsAre(folder_ / "wnut/emerging.test.annotated"));
  write_file(folder_ / "wnut/train.txt", "");
  EXPECT_THAT(error_of([&] { task->find(folder_ / "wnut", Part::kTrain); }),
              HasSubstr("train.txt and wnut17train.conll could both"));
  EXPECT_THAT(error_of([&] { task->find(folder_ / "nowhere", Part::kTrain); }), HasSubstr("no such file or folder"));
  fs::create_directory(folder_ / "empty");
  EXPECT_THAT(error_of([&] { task->find(folder_ / "empty", Part::kTest); }),
              HasSubstr("with test or testb in its name"));
}

TEST_F(TokenTaskTest, ADividedFileServesTrainingAndEvaluation) {
  std::string content = "-DOCSTART- O\n\n";
  for (int i = 0; i < 40; ++i) content += fmt::format("{} B-PER\n7 O\n\n", i + 5);
  const fs::path file = folder_ / "all.conll";
  write_file(file, content);
  const auto task = make();
  task->settle(file);
  EXPECT_TRUE(task->divides(file));
  const auto train = task->read(file, Part::kTrain), development = task->read(file, Part::kDevelopment);
  EXPECT_EQ(train->num_examples() + development->num_examples(), 40U);
  EXPECT_GE(development->num_examples(), 1U);
  EXPECT_THAT(development->describe(), HasSubstr(fmt::format("{} words", 2 * development->num_examples())));
  // Predictions are those of the sentences that were evaluated, and the file's other lines are not in them.
  for (std::size_t i = 0; i < development->num_items(); ++i) {
    development->take_scores(i, scores_for(*development, i, 0, 2));
  }
  development->write_predictions(folder_ / "predicted.conll");
  EXPECT_EQ(task->read(folder_ / "predicted.conll", Part::kTest)->num_examples(), development->num_examples());
  EXPECT_EQ(task->read(file, Part::kTest)->num_examples(), 40U);
}

TEST_F(TokenTaskTest, FiguresThatItDoesNotHaveAreRefused) {
  TaskDefinition compared = definition();
  compared.config.metric = "pearson";
  EXPECT_THAT(error_of([&] { make(compared); }), HasSubstr("task.metric: 'pearson' is no figure of this task"));
}

class TokenStream : public TokenTaskTest {
 protected:
  /// What comes out if every word gets the class `label`.
  std::string predict(RecordFormat format, const std::vector<std::string>& records, std::size_t label,
                      std::string_view header = "", TextWords words = TextWords::kSpaced) {
    TaskDefinition of_two = definition({"B-PER", "O"});
    of_two.config.as<TokenSettings>().text_words = words;
    const auto task = make(std::move(of_two));
    const auto window = task->open_window(format, header, out_header_);
    std::string out;
    for (int round = 0; round < 2; ++round) {  // a window is used again
      window->clear();
      out.clear();
      for (const std::string& record : records) window->add(record, {.file = "standard input", .line = 3, .id = {}});
      for (std::size_t i = 0; i < window->num_items(); ++i) window->take_scores(i, scores_for(*window, i, label, 2));
      for (std::size_t i = 0; i < window->num_records(); ++i) window->write(i, out);
    }
    return out;
  }

  std::string out_header_;
};

TEST_F(TokenStream, TextGetsTags) {
  EXPECT_EQ(predict(RecordFormat::kText, {" 7  8\u3000x\r", "9"}, 0), "B-PER B-PER O\nB-PER\n");
  EXPECT_EQ(predict(RecordFormat::kText, {"7 89"}, 0, "", TextWords::kCharacters), "B-PER B-PER B-PER\n");
  EXPECT_EQ(out_header_, "");
}

TEST_F(TokenStream, RowsGetAColumn) {
  EXPECT_EQ(predict(RecordFormat::kTsv, {"1\t7 8\tO"}, 0, "id\ttext_a\tlabel"), "1\t7 8\tO\tB-PER B-PER\n");
  EXPECT_EQ(out_header_, "id\ttext_a\tlabel\tprediction");
  EXPECT_THAT(error_of([&] { predict(RecordFormat::kTsv, {"1\t7"}, 0, "id\tbody"); }),
              HasSubstr("expected a column named 'text_a' or 'words' or 'tokens' or 'text', found: 'id', 'body'"));
  EXPECT_THAT(error_of([&] { predict(RecordFormat::kTsv, {"1"}, 0, "id\ttext_a"); }),
              HasSubstr("standard input:3: expected 2 columns"));
  EXPECT_THAT(error_of([&] { predict(RecordFormat::kTsv, {"1\t "}, 0, "id\ttext_a"); }),
              HasSubstr("standard input:3: the sentence has no word"));
  EXPECT_THAT(error_of([&] { predict(RecordFormat::kTsv, {"7\tO"}, 0, "text_a\tprediction"); }),
              HasSubstr("standard input:1: there is a column 'prediction' already"));
}

TEST_F(TokenStream, RowsAndObjectsTakeTheSameNames) {
  for (const std::string name : {"text_a", "words", "tokens", "text"}) {
    EXPECT_EQ(predict(RecordFormat::kTsv, {"7 8"}, 1, name), "7 8\tO O\n") << name;
    const std::string object = predict(RecordFormat::kJsonl, {R"({")" + name + R"(": "7 8"})"}, 1);
    EXPECT_EQ(nlohmann::json::parse(object)["tags"], nlohmann::json({"O", "O"})) << name;
  }
  EXPECT_EQ(predict(RecordFormat::kTsv, {"78"}, 1, "text", TextWords::kCharacters), "78\tO O\n");
  EXPECT_EQ(predict(RecordFormat::kTsv, {"78"}, 1, "words", TextWords::kCharacters), "78\tO\n");
}

TEST_F(TokenStream, ObjectsGetMembers) {
  const auto object = nlohmann::json::parse(predict(RecordFormat::kJsonl, {R"({"id": 5, "words": ["7", "x"]})"}, 0));
  EXPECT_EQ(object["id"], 5);
  EXPECT_EQ(object["tags"], nlohmann::json({"B-PER", "O"}));
  EXPECT_NEAR(object["probabilities"][0].get<double>(), 1 / (1 + std::exp(-9.0)), 1e-6);
  EXPECT_TRUE(object["probabilities"][1].is_null());
  EXPECT_EQ(object["entities"].dump(), R"([{"begin":0,"end":1,"type":"PER","words":["7"]}])");
  EXPECT_EQ(nlohmann::json::parse(predict(RecordFormat::kJsonl, {R"({"text": "7 8"})"}, 1))["words"],
            nlohmann::json({"7", "8"}));
  EXPECT_EQ(nlohmann::json::parse(predict(RecordFormat::kJsonl, {R"({"tokens": ["7", "8"]})"}, 1))["words"],
            nlohmann::json({"7", "8"}));
}

TEST_F(TokenStream, EntitiesOfATextHaveTheirCharacters) {
  const auto answer = nlohmann::json::parse(predict(RecordFormat::kAnswers, {R"({"text": "\u00a0 7  8\u3000x"})"}, 0));
  ASSERT_EQ(answer["entities"].size(), 2U);
  EXPECT_EQ(answer["entities"][0]["characters"], nlohmann::json({2, 3}));
  EXPECT_EQ(answer["entities"][1]["characters"], nlohmann::json({5, 6}));
  EXPECT_FALSE(answer.contains("text"));
}

TEST_F(TokenStream, BadRecordsAreNamed) {
  const auto error = [&](const std::string& record) {
    return error_of([&] { predict(RecordFormat::kJsonl, {record}, 0); });
  };
  EXPECT_THAT(error("{"), HasSubstr("standard input:3: not valid JSON"));
  EXPECT_THAT(error(R"({"n": 1e999})"), HasSubstr("standard input:3: JSON that cannot be read"));
  EXPECT_THAT(error("[]"), HasSubstr("standard input:3: expected a JSON object on each line, found an array"));
  EXPECT_THAT(error("{}"),
              HasSubstr("standard input:3: expected a list of words, or a text, in 'text_a' or 'words' or 'tokens' or "
                        "'text'"));
  EXPECT_THAT(error(R"({"words": ["a", ""]})"), HasSubstr("found \"\" in it"));
  EXPECT_THAT(error(R"({"words": []})"), HasSubstr("standard input:3: there is no word in it"));
  EXPECT_THAT(error_of([&] { predict(RecordFormat::kText, {"  "}, 0); }), HasSubstr("there is no word in it"));
}

}  // namespace
}  // namespace albert::tasks
