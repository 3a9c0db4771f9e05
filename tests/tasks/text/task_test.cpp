#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/log_capture.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "text_tasks.h"

namespace albert::tasks {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using Labels = std::vector<std::string>;

class TextTaskTest : public ::testing::Test {
 protected:
  static std::unique_ptr<Task> make(const TextSettings& settings, std::int64_t max_length = 16, Labels labels = {}) {
    return make_text_task(settings, std::move(labels), max_length);
  }

  fs::path write(const std::string& name, std::string_view content) const {
    testing::write_file(folder_ / name, content);
    return folder_ / name;
  }

  template <typename Action>
  static std::string refusal(const Action& action) {
    return testing::refusal<Error>(action);
  }

  testing::TemporaryFolder folder_;
};

TextSettings own_pairs() {
  TextSettings settings;
  settings.second_text = "second";
  return settings;
}

TEST_F(TextTaskTest, TakesLabelsFromTheTrainingDataInAFixedOrder) {
  const fs::path words = write("train.tsv", "text\tlabel\n5\tpos\n6\tneg\n7\tpos\n");
  const fs::path numbers = write("numbers.tsv", "text\tlabel\n5\t10\n6\t9\n7\t-1\n");
  const auto task = make({});
  task->settle(words);
  EXPECT_THAT(task->definition().labels, ElementsAre("neg", "pos"));
  const auto of_numbers = make({});
  of_numbers->settle(numbers);
  EXPECT_THAT(of_numbers->definition().labels, ElementsAre("-1", "9", "10"));
  EXPECT_EQ(of_numbers->head().num_labels, 3);
}

TEST_F(TextTaskTest, KeepsLabelsThatAreFixed) {
  const fs::path train = write("train.tsv", "text\tlabel\n5\tb\n6\ta\n");
  TextSettings settings;
  settings.all_labels = {"b", "a", "c"};
  const auto configured = make(settings);
  configured->settle(train);
  EXPECT_THAT(configured->definition().labels, ElementsAre("b", "a", "c"));
  const auto stored = make({}, 16, {"b", "a"});
  stored->settle(train);
  EXPECT_THAT(stored->definition().labels, ElementsAre("b", "a"));
}

TEST_F(TextTaskTest, MakesItemsOfPairs) {
  const fs::path train = write("train.tsv", "text\tsecond\tlabel\n5 6\t7\tb\n8\t9 10\ta\n");
  write("dev.tsv", "");
  const auto task = make(own_pairs());
  task->settle(folder_.path());
  const auto data = task->read(train, Part::kTrain);
  ASSERT_EQ(data->num_items(), 2U);
  const model::Item& item = data->item(0);
  ASSERT_THAT(item.sequences, SizeIs(1));
  EXPECT_THAT(item.sequences[0].token_ids, ElementsAre(2, 5, 6, 3, 7, 3));
  EXPECT_EQ(item.sequences[0].first_length, 4);
  EXPECT_THAT(item.labels, ElementsAre(1));
  EXPECT_THAT(data->describe(), HasSubstr("2 examples; 0 truncated to 16 tokens"));
}

TEST_F(TextTaskTest, CutsTheLongerTextOfAPairAndCounts) {
  const fs::path train =
      write("train.tsv", "text\tsecond\tlabel\n5 6 7 8 9\t10 11\ta\n5 6 7 8\t10 11 12 13\tb\n5\t6\ta\n");
  write("dev.tsv", "text\tsecond\tlabel\n5\t7\tb\n");
  const auto task = make(own_pairs(), 8);
  task->settle(folder_.path());
  const auto data = task->read(train, Part::kTrain);
  EXPECT_THAT(data->item(0).sequences[0].token_ids, ElementsAre(2, 5, 6, 7, 3, 10, 11, 3));
  EXPECT_THAT(data->item(1).sequences[0].token_ids, ElementsAre(2, 5, 6, 7, 3, 10, 11, 3))
      << "of two of the same length the second one is cut first";
  EXPECT_THAT(data->describe(), HasSubstr("2 truncated to 8 tokens"));
}

TEST_F(TextTaskTest, WhileAModelIsTrainedUnseenLabelsAreRefused) {
  write("train.tsv", "text\tlabel\n5\tpositive\n6\tnegative\n");
  const fs::path dev = write("dev.tsv", "text\tlabel\n5\tnegative\n6\tpositve\n");
  const auto task = make({});
  task->settle(folder_.path());
  EXPECT_THAT(refusal([&] { task->read(dev, Part::kDevelopment); }),
              AllOf(HasSubstr("dev.tsv:3"), HasSubstr("'positve'"), HasSubstr("'negative', 'positive'"),
                    HasSubstr("is it 'positive'?")));
}

TEST_F(TextTaskTest, UnseenLabelsAreJudgedAsWrongWithAWarning) {
  const fs::path dev = write("dev.tsv", "text\tlabel\n5\tneg\n6\tpos\n7\tpositve\n8\tpositve\n");
  const testing::LogCapture log;
  const auto task = make({}, 16, {"neg", "pos"});
  const auto data = task->read(dev, Part::kDevelopment);
  EXPECT_THAT(log.text(),
              AllOf(HasSubstr("2 of 4 labels were never seen"), HasSubstr("'positve' (2 times, first in line 4)"),
                    HasSubstr("task.unseen_labels=refuse")));
  for (std::size_t i = 0; i < 4; ++i) data->take_scores(i, std::vector<float>{i == 0 ? 1.0F : 0.0F, 0.5F});
  const Judgement judgement = data->judge();
  EXPECT_EQ(metrics::find(judgement.figures, "accuracy"), 0.5);
  EXPECT_DOUBLE_EQ(*metrics::find(judgement.figures, "macro_f1"), (1 + 0.5 + 0) / 3);
  EXPECT_DOUBLE_EQ(*metrics::find(judgement.figures, "f1"), 0.5) << "still of two classes";
  const fs::path others = write("others.tsv", "text\tlabel\n5\ta\n6\tb\n");
  EXPECT_THAT(refusal([&] { task->read(others, Part::kDevelopment); }), HasSubstr("and so is every other of the file"));
}

TEST_F(TextTaskTest, UnseenLabelsOfSetsAreMissed) {
  const auto task = make(with_output(TextOutput::kMultilabel), 16, {"x", "y"});
  const auto data = task->read(write("dev.jsonl", R"({"text": "5", "label": ["x", "z"]})"), Part::kDevelopment);
  EXPECT_THAT(data->item(0).values, ElementsAre(1, 0));
  data->take_scores(0, std::vector<float>{9, -9});
  EXPECT_DOUBLE_EQ(*metrics::find(data->judge().figures, "micro_f1"), 2.0 / 3);
}

TEST_F(TextTaskTest, AListIsOfLabelsHoweverItIsWritten) {
  TextSettings settings = with_output(TextOutput::kMultilabel);
  settings.label_separator = ",";
  const auto labels_of_file = [&](const std::string& name, std::string_view content) {
    const auto task = make(settings);
    task->settle(write(name, content));
    return task->definition().labels;
  };
  EXPECT_THAT(labels_of_file("a.jsonl", "{\"text\": \"5\", \"label\": [\"x, y\", \"z\"]}\n"), ElementsAre("x, y", "z"));
  EXPECT_THAT(labels_of_file("b.csv", "text,label\n5,\"['joy', \"\"x, y\"\"]\"\n6,[]\n7,plain\n"),
              ElementsAre("joy", "plain", "x, y"));
  EXPECT_THAT(labels_of_file("c.tsv", "text\tlabel\n5\t[3 10]\n6\t('a', 'b')\n"), ElementsAre("10", "3", "a", "b"));
  EXPECT_THAT(labels_of_file("tuples.tsv", "text\tlabel\n5\t()\n6\t('a',)\n7\tset()\n"), ElementsAre("a"));
  EXPECT_THAT(refusal([&] { labels_of_file("cut.tsv", "text\tlabel\n5\t['a', 'b'\n"); }),
              AllOf(HasSubstr("cut.tsv:2"), HasSubstr("looks like a list")));
  EXPECT_THAT(refusal([&] { labels_of_file("d.tsv", "text\tlabel\n5\t['a', b]\n"); }),
              AllOf(HasSubstr("d.tsv:2"), HasSubstr("looks like a list")));
  const fs::path file = write("e.tsv", "text\tlabel\n5\t['a']\n6\tb\n");
  EXPECT_THAT(refusal([&] { make({})->settle(file); }), HasSubstr("e.tsv:2: the label '['a']' is a written list"));
}

TEST_F(TextTaskTest, ListsOfZeroAndOneMarkLabelsThatAreNamed) {
  TextSettings settings = with_output(TextOutput::kMultilabel);
  const fs::path file =
      write("a.jsonl", "{\"text\": \"5\", \"label\": [1, 0, 1.0]}\n{\"text\": \"6\", \"label\": [0, 0, 0]}\n");
  EXPECT_THAT(refusal([&] { make(settings)->settle(file); }),
              AllOf(HasSubstr("lists of 3 numbers 0 and 1"), HasSubstr("task.text.labels=[")));
  settings.all_labels = {"joy", "anger", "fear"};
  const auto task = make(settings);
  EXPECT_THAT(task->read(file, Part::kTest)->item(0).values, ElementsAre(1, 0, 1));
  EXPECT_THAT(refusal([&] { task->read(write("b.csv", "text,label\n5,\"[0, 1]\"\n"), Part::kTest); }),
              HasSubstr("b.csv:2: a list of 2 numbers 0 and 1, but there are 3 labels"));
  settings.all_labels = {"0", "1"};
  const fs::path ids = write("c.jsonl", R"({"text": "5", "label": [1, 0]})");
  EXPECT_THAT(make(settings)->read(ids, Part::kTest)->item(0).values, ElementsAre(1, 1)) << "names, not marks";
}

TEST_F(TextTaskTest, OneValueWrittenInTwoWaysIsNoticed) {
  const testing::LogCapture log;
  make({})->settle(write("a.jsonl",
                         "{\"text\": \"5\", \"label\": 1}\n{\"text\": \"6\", \"label\": 1.0}\n"
                         "{\"text\": \"7\", \"label\": false}\n{\"text\": \"8\", \"label\": true}\n"));
  EXPECT_THAT(log.text(),
              AllOf(HasSubstr("'1' and '1.0' are two classes"), HasSubstr("'1' and 'true' are two classes")));
}

TEST_F(TextTaskTest, LongNumbersAreNotTakenForOne) {
  const testing::LogCapture log;
  make({})->settle(write("a.tsv", "text\tlabel\n5\t9007199254740992\n6\t9007199254740993\n"));
  EXPECT_THAT(log.text(), Not(HasSubstr("differ in")));
}

TEST_F(TextTaskTest, NumbersOfGlueAreThoseOfHuggingFace) {
  const testing::LogCapture log;
  const auto task = make(of_glue(GlueTask::kMnli));
  const auto data = task->read(write("validation.jsonl",
                                     "{\"premise\": \"5\", \"hypothesis\": \"6\", \"label\": 0}\n"
                                     "{\"premise\": \"5\", \"hypothesis\": \"6\", \"label\": 2}\n"),
                               Part::kDevelopment);
  EXPECT_THAT(data->item(0).labels, ElementsAre(1)) << "entailment";
  EXPECT_THAT(data->item(1).labels, ElementsAre(0)) << "contradiction";
  EXPECT_THAT(log.text(), HasSubstr("0 and up stand for 'entailment', 'neutral', 'contradiction'"));
}

TEST_F(TextTaskTest, RefusesSeveralLabelsWhereOneIsExpected) {
  const fs::path file = write("test.jsonl", "{\"text\": \"5\", \"label\": []}\n");
  const auto numbers = make(with_output(TextOutput::kRegression));
  EXPECT_THAT(refusal([&] { numbers->read(file, Part::kTest); }), HasSubstr("expected one label, found 0"));
  const auto classes = make({}, 16, {"a", "b"});
  EXPECT_THAT(refusal([&] { classes->read(file, Part::kTest); }), HasSubstr("multilabel"));
  const fs::path of_sst2 = write("test_of_glue.jsonl", "{\"sentence\": \"5\", \"label\": [\"0\", \"1\"]}\n");
  const auto glue = make(of_glue(GlueTask::kSst2), 16, {"0", "1"});
  EXPECT_THAT(refusal([&] { glue->read(of_sst2, Part::kTest); }),
              AllOf(HasSubstr("expected one label, found 2"), Not(HasSubstr("multilabel"))));
}

TEST_F(TextTaskTest, ALabelThatIsNoPartOfALineIsRefusedWhereItStands) {
  const fs::path file =
      write("a.jsonl", "{\"text\": \"5\", \"label\": \"a\"}\n{\"text\": \"6\", \"label\": \"p\\u0007os\"}\n");
  EXPECT_THAT(refusal([&] { make({})->settle(file); }),
              HasSubstr("a.jsonl:2: the label 'p\\x07os' holds a control character"));
}

TEST_F(TextTaskTest, RefusesDataWithNothingToChooseFrom) {
  const fs::path train = write("train.tsv", "text\tlabel\n5\ta\n6\ta\n");
  const auto task = make({});
  EXPECT_THAT(refusal([&] { task->settle(train); }), AllOf(HasSubstr("train.tsv"), HasSubstr("'a'")));
}

TEST_F(TextTaskTest, ATextThatOccursTwiceIsOfOnePart) {
  std::string rows = "id\ttext\tlabel\n";
  for (int i = 0; i < 300; ++i) rows += fmt::format("{}\t{}\t{}\n", i, i / 3 + 5, i % 3 == 0 ? "a" : "b");
  const fs::path file = write("all.tsv", rows);
  const auto task = make({});
  task->settle(file);
  const auto development = task->read(file, Part::kDevelopment);
  EXPECT_EQ(development->num_examples() % 3, 0U) << development->num_examples();
  EXPECT_GE(development->num_examples(), 3U);
}

TEST_F(TextTaskTest, LabelsThatStandForNoneAreNone) {
  const fs::path file = write("test.tsv", "text\tlabel\n5\t-1\n6\t-1\n");
  EXPECT_FALSE(make({}, 16, {"a", "b"})->read(file, Part::kTest)->is_labelled());
  EXPECT_TRUE(make({}, 16, {"-1", "1"})->read(file, Part::kTest)->is_labelled());
  const auto nameless = make({}, 16, {"LABEL_0", "LABEL_1"});
  const fs::path named = write("named.tsv", "text\tlabel\n5\tgood\n6\tbad\n");
  EXPECT_THAT(refusal([&] { nameless->read(named, Part::kTest); }), HasSubstr("--set 'task.text.labels=["));
}

TEST_F(TextTaskTest, DevelopmentDataNeedLabelsAndTestDataDoNot) {
  const fs::path file = write("test.tsv", "text\n5\n6\n");
  const auto task = make({}, 16, {"a", "b"});
  EXPECT_THAT(refusal([&] { task->read(file, Part::kDevelopment); }), HasSubstr("no column 'label'"));
  const auto data = task->read(file, Part::kTest);
  EXPECT_FALSE(data->is_labelled());
  EXPECT_TRUE(data->item(0).labels.empty());
}

TEST_F(TextTaskTest, FindsTheFilesOfAFolder) {
  const fs::path train = write("train.csv", "");
  const fs::path dev = write("valid.csv", "");
  const auto task = make({});
  EXPECT_THAT(task->find(folder_.path(), Part::kTrain), ElementsAre(train));
  EXPECT_THAT(task->find(folder_.path(), Part::kDevelopment), ElementsAre(dev));
  EXPECT_THAT(refusal([&] { task->find(folder_.path(), Part::kTest); }), AllOf(HasSubstr("test"), HasSubstr(".jsonl")));
  EXPECT_THAT(task->find(train, Part::kTest), ElementsAre(train)) << "a file is what it is";
  EXPECT_THROW(task->find(folder_ / "none", Part::kTrain), DataError);
  write("dev.tsv", "");
  EXPECT_THAT(refusal([&] { task->find(folder_.path(), Part::kDevelopment); }),
              AllOf(HasSubstr("dev.tsv"), HasSubstr("valid.csv")));
}

TEST_F(TextTaskTest, DividesASingleFileTheSameWayEveryTime) {
  std::string content = "text\tlabel\n";
  for (int i = 5; i < 95; ++i) content += std::to_string(i) + (i % 2 == 0 ? "\ta\n" : "\tb\n");
  const fs::path file = write("reviews.tsv", content);
  const auto task = make({});
  task->settle(file);
  EXPECT_TRUE(task->divides(file));
  const auto train = task->read(file, Part::kTrain);
  const auto dev = task->read(file, Part::kDevelopment);
  EXPECT_EQ(train->num_examples() + dev->num_examples(), 90U);
  EXPECT_NEAR(static_cast<double>(dev->num_examples()), 9, 8);
  for (std::size_t i = 0; i < dev->num_items(); ++i) {
    for (std::size_t j = 0; j < train->num_items(); ++j) {
      ASSERT_NE(dev->item(i).sequences[0].token_ids, train->item(j).sequences[0].token_ids);
    }
  }
  // The stored task knows the file again; any other file, and the file as a test set, are read whole.
  const auto stored = make_task(task->definition(), std::make_shared<testing::FakeTokenizer>());
  EXPECT_EQ(stored->read(file, Part::kDevelopment)->num_examples(), dev->num_examples());
  EXPECT_EQ(stored->read(file, Part::kTest)->num_examples(), 90U);
  EXPECT_EQ(stored->read(write("others.tsv", content), Part::kDevelopment)->num_examples(), 90U);
}

std::string numbered_texts(int first, int end) {
  std::string content = "text\tlabel\n";
  for (int i = first; i < end; ++i) content += std::to_string(i) + (i % 2 == 0 ? "\ta\n" : "\tb\n");
  return content;
}

TEST_F(TextTaskTest, SeveralFilesAreOneDataSet) {
  const std::vector<fs::path> files = {write("one.tsv", numbered_texts(5, 50)),
                                       write("two.tsv", numbered_texts(50, 95))};
  const auto task = make({});
  const DataFiles found = task->settle(files);
  EXPECT_EQ(found.training, files);
  EXPECT_THAT(found.development, ElementsAre(files)) << "both are divided";
  const std::size_t num_held_out = task->read(files, Part::kDevelopment)->num_examples();
  EXPECT_EQ(task->read(files, Part::kTrain)->num_examples() + num_held_out, 90U);
  EXPECT_EQ(task->definition().config.held_out_of, "one.tsv/two.tsv");
  std::size_t num_apart = 0;
  for (const fs::path& file : files) num_apart += task->read(file, Part::kDevelopment)->num_examples();
  EXPECT_EQ(num_apart, num_held_out);
}

TEST_F(TextTaskTest, AFolderMayBeNamedBesideAFileInIt) {
  const fs::path train = write("train.tsv", numbered_texts(5, 20)), dev = write("dev.tsv", numbered_texts(20, 30));
  const DataFiles found = make({})->settle(std::vector{train.parent_path(), train, dev});
  EXPECT_THAT(found.training, ElementsAre(train));
  EXPECT_THAT(found.development, ElementsAre(ElementsAre(dev)));
}

TEST_F(TextTaskTest, OfSeveralFilesTheNamesTellWhatIsNotToTrainOn) {
  const fs::path more = write("more.tsv", numbered_texts(5, 50)), train = write("train.tsv", numbered_texts(50, 60));
  const fs::path dev = write("dev.tsv", numbered_texts(60, 70)), test = write("test.tsv", numbered_texts(70, 80));
  const DataFiles found = make({})->settle(std::vector{more, dev, test, train});
  EXPECT_THAT(found.training, ElementsAre(more, train));
  EXPECT_THAT(found.development, ElementsAre(ElementsAre(dev)));
  EXPECT_THAT(found.left_out, ElementsAre(test));
  EXPECT_THAT(refusal([&] {
                make({})->settle(std::vector{dev, test});
              }),
              HasSubstr("none of the 2 files is to train on"));
  const DataFiles alone = make({})->settle(dev);
  EXPECT_THAT(alone.training, ElementsAre(dev)) << "a single file is whatever it is needed for";
}

TEST_F(TextTaskTest, FoldsDivideTheTrainingDataAndTakeTheNamedOne) {
  write("train.tsv", numbered_texts(5, 95));
  write("dev.tsv", "text\tlabel\n5\ta\n");
  std::size_t num_evaluated = 0;
  for (int fold = 1; fold <= 3; ++fold) {
    TaskDefinition definition = make({})->definition();
    definition.config.folds = 3;
    definition.config.fold = fold;
    const auto task = make_task(definition, std::make_shared<testing::FakeTokenizer>());
    const DataFiles files = task->settle(folder_.path());
    EXPECT_THAT(files.development, ElementsAre(ElementsAre(folder_ / "train.tsv")));
    const auto evaluated = task->read(files.training, Part::kDevelopment)->num_examples();
    EXPECT_EQ(task->read(files.training, Part::kTrain)->num_examples() + evaluated, 90U);
    num_evaluated += evaluated;
  }
  EXPECT_EQ(num_evaluated, 90U);
}

TEST_F(TextTaskTest, AFileForDevelopmentKeepsTheTrainingFileWhole) {
  std::string content = "text\tlabel\n";
  for (int i = 5; i < 95; ++i) content += std::to_string(i) + (i % 2 == 0 ? "\ta\n" : "\tb\n");
  const fs::path train = write("train.tsv", content);
  const auto alone = make({});
  alone->settle(folder_.path());
  EXPECT_THAT(alone->find(folder_.path(), Part::kDevelopment), ElementsAre(train));
  EXPECT_LT(alone->read(train, Part::kTrain)->num_examples(), 90U);
  write("dev.tsv", "text\tlabel\n5\ta\n");
  const auto task = make({});
  task->settle(folder_.path());
  EXPECT_EQ(task->read(train, Part::kTrain)->num_examples(), 90U);
}

TEST_F(TextTaskTest, ComparesModelsByTheUsualFigureOrTheOneAskedFor) {
  const auto metric = [](const TextSettings& settings, const std::string& asked) {
    return make_text_task(settings, {}, 16, asked)->metric();
  };
  EXPECT_EQ(metric({}, ""), "accuracy");
  EXPECT_EQ(metric({}, "macro_f1"), "macro_f1");
  EXPECT_EQ(metric(of_glue(GlueTask::kCola), ""), "matthews");
  EXPECT_EQ(metric(of_glue(GlueTask::kStsb), ""), "pearson");
  EXPECT_EQ(metric(of_glue(GlueTask::kMrpc), "f1"), "f1");
  EXPECT_EQ(metric(with_output(TextOutput::kMultilabel), ""), "micro_f1");
  EXPECT_THAT(refusal([&] { metric({}, "pearson"); }), AllOf(HasSubstr("task.metric"), HasSubstr("accuracy")));
}

TEST_F(TextTaskTest, AFigureOfTwoClassesNeedsTwo) {
  const fs::path train = write("train.tsv", "text\tlabel\n5\ta\n6\tb\n7\tc\n");
  const auto task = make_text_task({}, {}, 16, "f1");
  EXPECT_THAT(refusal([&] { task->settle(train); }), HasSubstr("macro_f1"));
}

TEST_F(TextTaskTest, SeveralLabelsInAColumnOrAColumnEach) {
  TextSettings settings = with_output(TextOutput::kMultilabel);
  settings.label_separator = ";";
  const fs::path train = write("train.tsv", "text\tlabel\n5\tx; y\n6\t\n7\tz\n");
  write("dev.tsv", "text\tlabel\n5\tx\n");
  const auto task = make(settings);
  task->settle(folder_.path());
  EXPECT_THAT(task->definition().labels, ElementsAre("x", "y", "z"));
  EXPECT_EQ(task->head().kind, model::HeadKind::kMultilabel);
  const auto data = task->read(train, Part::kTrain);
  EXPECT_THAT(data->item(0).values, ElementsAre(1, 1, 0));
  EXPECT_THAT(data->item(1).values, ElementsAre(0, 0, 0));

  settings.label_separator.clear();
  settings.label = {"rude", "loud"};
  const fs::path columns = write("train.csv", "loud,rude,text\n1,0,5\n0,true,6\n");
  const auto of_columns = make(settings);
  of_columns->settle(columns);
  EXPECT_THAT(of_columns->definition().labels, ElementsAre("rude", "loud"));
  EXPECT_THAT(of_columns->read(columns, Part::kTest)->item(0).values, ElementsAre(0, 1));
  const fs::path bad = write("dev.csv", "loud,rude,text\n1,2,5\n");
  EXPECT_THAT(refusal([&] { of_columns->read(bad, Part::kDevelopment); }),
              AllOf(HasSubstr("dev.csv:2"), HasSubstr("'rude'"), HasSubstr("found '2'")));
}

TEST_F(TextTaskTest, RegressionReadsNumbers) {
  const fs::path train = write("train.tsv", "text\tlabel\n5\t-1.5\n6\t2e1\n");
  write("dev.tsv", "");
  const auto task = make(with_output(TextOutput::kRegression));
  task->settle(folder_.path());
  EXPECT_EQ(task->head().kind, model::HeadKind::kRegression);
  EXPECT_THAT(task->read(train, Part::kTrain)->item(1).values, ElementsAre(20));
  for (const char* bad : {"three", "nan", "1,5", "3 apples"}) {
    const fs::path file = write("test.tsv", std::string("text\tlabel\n5\t") + bad + "\n");
    EXPECT_THAT(refusal([&] { task->read(file, Part::kTest); }), HasSubstr("expected a number")) << bad;
  }
  const auto message = [&](const std::string& label) {
    return refusal([&] { task->read(write("test.tsv", "text\tlabel\n5\t" + label + "\n"), Part::kTest); });
  };
  EXPECT_THAT(message("1,5"), HasSubstr("found '1,5'; write a decimal point in place of the comma"));
  EXPECT_THAT(message("nan"), HasSubstr("a row without a number is nothing to learn from: remove it"));
  EXPECT_THAT(message("1e38"), HasSubstr("test.tsv:2: the number 1e38 in the label column is too large to learn"));
  const fs::path with_sign = write("test.tsv", "text\tlabel\n5\t+2\n");
  EXPECT_THAT(task->read(with_sign, Part::kTest)->item(0).values, ElementsAre(2));
  EXPECT_FALSE(task->read(write("test.tsv", "text\tlabel\n5\t\n"), Part::kTest)->is_labelled());
  const fs::path gap = write("test.tsv", "text\tlabel\n5\t1\n6\t\n");
  EXPECT_THAT(refusal([&] { task->read(gap, Part::kTest); }), HasSubstr("expected a number"));
}

TEST_F(TextTaskTest, ANumberedColumnsNameIsNoLabel) {
  const fs::path file = write("train.tsv", "stars\ttext\n1\t5\n2\t6\n1\t7\n2\t8\n");
  TextSettings settings;
  settings.text = "2";
  settings.label = {"1"};
  EXPECT_THAT(refusal([&] { make(settings)->settle(file); }),
              AllOf(HasSubstr("train.tsv:1: the label 'stars' is of this row alone"), HasSubstr("task.text.header")));
  settings.header = HeaderChoice::kPresent;
  const auto named = make(settings);
  named->settle(file);
  EXPECT_THAT(named->definition().labels, ElementsAre("1", "2"));
  settings.header = HeaderChoice::kAbsent;
  const auto as_it_stands = make(settings);
  as_it_stands->settle(file);
  EXPECT_THAT(as_it_stands->definition().labels, ElementsAre("1", "2", "stars"));
}

TEST_F(TextTaskTest, LabelsThatDifferInWhiteSpaceAreReported) {
  const testing::LogCapture log;
  make({})->settle(write("train.tsv", "text\tlabel\n5\tpos\n6\tneg\n7\tpos \n8\t odd\n"));
  EXPECT_THAT(log.text(), HasSubstr("the labels 'pos' and 'pos ' are two classes that differ in white space only"));
  EXPECT_THAT(log.text(), Not(HasSubstr("odd")));
}

TEST_F(TextTaskTest, MessagesNameSettingsThatThereAre) {
  const fs::path latin = write("latin.tsv", "text\tlabel\ncaf\xe9\ta\n");
  EXPECT_THAT(refusal([&] { make({})->read(latin, Part::kTest); }), HasSubstr("task.text.encoding"));
  EXPECT_THAT(refusal([&] { make(of_glue(GlueTask::kSst2))->read(latin, Part::kTest); }),
              AllOf(HasSubstr("iconv"), Not(HasSubstr("task."))));
}

TEST_F(TextTaskTest, AFileWithoutLabelsIsATest) {
  const fs::path file = write("test.tsv", "index\tsentence\n0\t5\n");
  const auto task = make(of_glue(GlueTask::kSst2));
  EXPECT_THAT(refusal([&] { task->read(file, Part::kDevelopment); }),
              AllOf(HasSubstr("no column 'label'"), HasSubstr("`albert evaluate` with --part test"),
                    Not(HasSubstr("if the file has no header"))));
  EXPECT_THAT(refusal([&] { task->read(file, Part::kTrain); }), Not(HasSubstr("--part test")));
  EXPECT_FALSE(task->read(file, Part::kTest)->is_labelled());
}

TEST_F(TextTaskTest, GlueTasksKnowTheirLabels) {
  const fs::path dev = write("dev_matched.tsv", "sentence1\tsentence2\tgold_label\n5\t6\tneutral\n");
  const auto task = make(of_glue(GlueTask::kMnli));
  EXPECT_THAT(task->definition().labels, ElementsAre("contradiction", "entailment", "neutral"));
  EXPECT_THAT(task->find(folder_.path(), Part::kDevelopment), ElementsAre(dev));
  EXPECT_THAT(task->read(dev, Part::kDevelopment)->item(0).labels, ElementsAre(2));
  const auto similarity = make(of_glue(GlueTask::kStsb));
  EXPECT_EQ(similarity->head().kind, model::HeadKind::kRegression);
}

TEST_F(TextTaskTest, TheDiagnosticSetIsAnsweredByAModelOfMnli) {
  fs::create_directories(folder_ / "MNLI");
  fs::create_directories(folder_ / "AX");
  const fs::path train = write("MNLI/train.tsv", "");
  const fs::path test = write("AX/diagnostic.tsv", "");
  const auto task = make(of_glue(GlueTask::kAx));
  EXPECT_EQ(task->metric(), "matthews");
  EXPECT_THAT(task->find(folder_.path(), Part::kTrain), ElementsAre(train));
  EXPECT_THAT(task->find(folder_.path(), Part::kTest), ElementsAre(test));
  const auto mnli = make(of_glue(GlueTask::kMnli));
  EXPECT_THAT(mnli->find(folder_ / "AX", Part::kTest), ElementsAre(test));
  EXPECT_THAT(refusal([&] { mnli->find(folder_ / "AX", Part::kDevelopment); }), HasSubstr("--part test"));
}

}  // namespace
}  // namespace albert::tasks
