#include "tasks/common/constant_guess.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_tokenizer.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/choice/task.h"
#include "tasks/embedding/settings.h"
#include "tasks/embedding/task.h"
#include "tasks/question/settings.h"
#include "tasks/question/task.h"
#include "tasks/relation/settings.h"
#include "tasks/relation/task.h"
#include "tasks/task.h"
#include "tasks/text/settings.h"
#include "tasks/text/task.h"
#include "tasks/tokens/settings.h"
#include "tasks/tokens/task.h"

namespace albert::tasks {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

constexpr double kRounding = 1e-9;

TEST(MostFrequentTest, AreTheTwoClassesThatAreRightMostOften) {
  EXPECT_THAT(most_frequent(std::vector<std::size_t>{1, 3, 3, 2}), ElementsAre(1, 2));
  EXPECT_THAT(most_frequent(std::vector<std::size_t>{0, 2, 0}), ElementsAre(1));
  EXPECT_THAT(most_frequent({}), IsEmpty());
}

class ConstantGuessTest : public ::testing::Test {
 protected:
  /// The best guess on a file, by a figure.
  std::optional<GuessedFigure> guess(const TaskType& type, std::vector<std::string> labels, const std::string& name,
                                     const std::string& content, const std::string& metric = "",
                                     const std::function<void(TaskConfig&)>& change = {}) const {
    TaskDefinition definition{.config = TaskConfig(type), .labels = std::move(labels)};
    definition.config.max_sequence_length = 32;
    definition.config.metric = metric;
    if (change) change(definition.config);
    const auto task = make_task(std::move(definition), std::make_shared<testing::FakeTokenizer>());
    testing::write_file(folder_ / name, content);
    return task->read(folder_ / name, Part::kDevelopment)->best_guess();
  }

  void expect(const std::optional<GuessedFigure>& guess, const std::string& name, double value) {
    ASSERT_TRUE(guess);
    EXPECT_EQ(guess->guess, name);
    EXPECT_THAT(guess->value, DoubleNear(value, kRounding));
  }

  testing::TemporaryFolder folder_;
};

TEST_F(ConstantGuessTest, OfClassesIsTheMostFrequentOneOrTheOneThatTheFigureIsOf) {
  const std::string rows = "text\tlabel\n5\tno\n6\tno\n7\tno\n8\tyes\n9\tnever\n";
  expect(guess(text_type(), {"no", "yes"}, "dev.tsv", rows), "'no'", 0.6);
  expect(guess(text_type(), {"no", "yes"}, "dev.tsv", rows, "f1"), "'yes'", 2 * 0.2 / 1.2);
  expect(guess(text_type(), {"no", "yes"}, "dev.tsv", rows, "matthews"), "'no'", 0);
  const metrics::Figures best = guess(text_type(), {"no", "yes"}, "dev.tsv", rows)->best_of_each;
  EXPECT_THAT(metrics::find(best, "accuracy"), Optional(DoubleNear(0.6, kRounding)));
  EXPECT_THAT(metrics::find(best, "f1"), Optional(DoubleNear(2 * 0.2 / 1.2, kRounding))) << "of another guess";
}

TEST_F(ConstantGuessTest, OfSetsOfLabelsIsOneThatSuitsTheFigure) {
  const auto are_sets = [](TaskConfig& config) {
    config.as<TextSettings>().output = TextOutput::kMultilabel;
    config.as<TextSettings>().label_separator = ",";
  };
  const std::string rows = "text\tlabel\n5\ta,c\n6\ta\n7\ta,b\n8\t\n";
  expect(guess(text_type(), {"a", "b", "c"}, "dev.tsv", rows, "micro_f1", are_sets), "'a'", 2 * 3.0 / (4 + 5));
  expect(guess(text_type(), {"a", "b", "c"}, "dev.tsv", rows, "accuracy", are_sets), "'a'", 0.25);
  expect(guess(text_type(), {"a", "b", "c"}, "dev.tsv", rows, "recall", are_sets), "all labels", 1);
}

TEST_F(ConstantGuessTest, OfNumbersAndCosinesSaysAsLittleAsACorrelationOfZero) {
  expect(guess(text_type(), {}, "dev.tsv", "text\tlabel\n5\t1.5\n6\t3\n", "",
               [](TaskConfig& config) { config.as<TextSettings>().output = TextOutput::kRegression; }),
         "the same number", 0);
  const std::string pairs = "text\tsecond_text\tlabel\n5\t6\t2.5\n7\t8\t1\n";
  expect(guess(embedding_type(), {}, "dev.tsv", pairs), "the same cosine", 0);
  EXPECT_FALSE(guess(embedding_type(), {}, "pairs.tsv", "text\tsecond_text\n5\t6\n7\t8\n", "", [](TaskConfig& config) {
    config.as<EmbeddingSettings>().objective = model::EmbeddingObjective::kInBatchNegatives;
  })) << "to find partners there is no constant answer";
}

TEST_F(ConstantGuessTest, OfRelationsIsNotOtherWhichItsFigureLeavesOut) {
  const auto row = [](const std::string& label) {
    return R"({"text": "5 6 7", "first": [0, 1], "second": [2, 3], "label": ")" + label + "\"}\n";
  };
  const std::string rows = row("Other") + row("Other") + row("A") + row("B") + row("A");
  const auto has_markers = [](TaskConfig& config) {
    config.as<RelationSettings>().first_marker = "90";
    config.as<RelationSettings>().second_marker = "91";
  };
  expect(guess(relation_type(), {"A", "B", "Other"}, "dev.jsonl", rows, "accuracy", has_markers), "'A'", 0.4);
  const auto by_f1 = guess(relation_type(), {"A", "B", "Other"}, "dev.jsonl", row("Other") + rows, "", has_markers);
  ASSERT_TRUE(by_f1);
  EXPECT_EQ(by_f1->guess, "'A'");
  EXPECT_GT(by_f1->value, 0);
}

TEST_F(ConstantGuessTest, OfTagsIsTheSameTagForEveryWord) {
  const std::string words = "7 B-PER\n8 O\n\n9 O\n";
  expect(guess(tokens_type(), {"B-PER", "O"}, "dev.conll", words), "'B-PER'", 2 * 1.0 / (3 + 1));
  expect(guess(tokens_type(), {"B-PER", "O"}, "dev.conll", words, "",
               [](TaskConfig& config) { config.as<TokenSettings>().score = TagScoring::kTags; }),
         "'O'", 2.0 / 3);
}

TEST_F(ConstantGuessTest, OfQuestionsIsNoAnswer) {
  const std::string file = R"({"data": [{"paragraphs": [{"context": "10 11 12 13", "qas": [
      {"id": "a", "question": "50", "answers": [{"text": "11 12", "answer_start": 3}]},
      {"id": "b", "question": "51", "answers": [], "is_impossible": true},
      {"id": "c", "question": "52", "answers": [], "is_impossible": true}]}]}]})";
  const auto may_have_none = [](TaskConfig& config) {
    config.as<QuestionSettings>().max_question_length = 4;
    config.as<QuestionSettings>().no_answer = true;
  };
  expect(guess(question_type(), {}, "dev.json", file, "", may_have_none), "nothing", 200.0 / 3);
}

TEST_F(ConstantGuessTest, OfChoicesIsAPlaceWhichAQuestionOfFewerHasAtItsEnd) {
  const std::string lines = R"({"question": "5", "choices": ["6", "7", "8"], "label": 2})"
                            "\n"
                            R"({"question": "5", "choices": ["6", "7"], "label": 1})"
                            "\n"
                            R"({"question": "5", "choices": ["6", "7", "8"], "label": 2})"
                            "\n"
                            R"({"question": "5", "choices": ["6", "7", "8"], "label": 0})"
                            "\n";
  expect(guess(multiple_choice_type(), {}, "dev.jsonl", lines), "choice 3", 0.75);
}

}  // namespace
}  // namespace albert::tasks
