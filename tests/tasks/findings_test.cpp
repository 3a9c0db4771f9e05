#include "tasks/findings.h"

#include <cmath>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
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
#include "tasks/tokens/task.h"

namespace albert::tasks {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FindingsTest : public ::testing::Test {
 protected:
  /// Reads a file with its texts, and gives its items their scores.
  template <typename Form>
  Form find(const TaskType& type, std::vector<std::string> labels, const std::string& name, const std::string& content,
            const std::vector<std::vector<float>>& scores, const std::function<void(TaskConfig&)>& change = {}) {
    TaskDefinition definition{.config = TaskConfig(type), .labels = std::move(labels)};
    definition.config.max_sequence_length = 32;
    if (change) change(definition.config);
    task_ = make_task(std::move(definition), std::make_shared<testing::FakeTokenizer>());
    testing::write_file(folder_ / name, content);
    data_ = task_->read(folder_ / name, Part::kDevelopment, Texts::kKept);
    for (std::size_t i = 0; i < scores.size(); ++i) data_->take_scores(i, scores[i]);
    return std::get<Form>(data_->findings());
  }

  testing::TemporaryFolder folder_;
  std::unique_ptr<Task> task_;
  std::unique_ptr<DataSet> data_;
};

TEST_F(FindingsTest, TextsOfClasses) {
  const auto found = find<ClassFindings>(text_type(), {"no", "yes"}, "dev.tsv",
                                         "text\tlabel\n5 6\tyes\n7\tno\n8\tnever\n", {{0, 2}, {1, 3}, {4, 0}});
  EXPECT_THAT(found.labels, ElementsAre("no", "yes", "never"));
  ASSERT_THAT(found.examples, SizeIs(3));
  EXPECT_EQ(found.examples[0].texts.at(0).text, "5 6") << "the encoder takes texts out of records, but these stay";
  EXPECT_EQ(found.examples[0].place.line, 2);
  EXPECT_EQ(found.examples[0].gold, 1u);
  EXPECT_EQ(found.examples[0].predicted, 1u);
  EXPECT_NEAR(found.examples[0].probabilities.at(1), 1 / (1 + std::exp(-2.0)), 1e-6);
  EXPECT_EQ(found.examples[1].gold, 0u);
  EXPECT_EQ(found.examples[1].predicted, 1u);
  EXPECT_EQ(found.examples[2].gold, 2u) << "a label that the model does not know";
}

TEST_F(FindingsTest, TextsThatWereNotKept) {
  find<ClassFindings>(text_type(), {"no", "yes"}, "dev.tsv", "text\tlabel\n5\tyes\n", {{0, 1}});
  const auto data = task_->read(folder_ / "dev.tsv", Part::kDevelopment);
  data->take_scores(0, std::vector<float>{0, 1});
  EXPECT_THROW(data->findings(), InternalError);
}

TEST_F(FindingsTest, TextsOfLabelsAndOfNumbers) {
  const auto sets = find<LabelSetFindings>(text_type(), {"a", "b", "c"}, "dev.tsv", "text\tlabel\n5\ta,c\n6\t\n",
                                           {{2, -1, -2}, {-1, -1, 3}}, [](TaskConfig& config) {
                                             config.as<TextSettings>().output = TextOutput::kMultilabel;
                                             config.as<TextSettings>().label_separator = ",";
                                           });
  EXPECT_THAT(sets.examples.at(0).gold, ElementsAre(true, false, true));
  EXPECT_THAT(sets.examples.at(0).predicted, ElementsAre(true, false, false));
  EXPECT_THAT(sets.examples.at(1).predicted, ElementsAre(false, false, true));
  EXPECT_NEAR(sets.examples.at(0).probabilities.at(0), 1 / (1 + std::exp(-2.0)), 1e-6);
  const auto numbers =
      find<NumberFindings>(text_type(), {}, "numbers.tsv", "text\tlabel\n5\t1.5\n", {{2.25F}},
                           [](TaskConfig& config) { config.as<TextSettings>().output = TextOutput::kRegression; });
  EXPECT_EQ(numbers.examples.at(0).gold, 1.5);
  EXPECT_EQ(numbers.examples.at(0).predicted, 2.25);
}

TEST_F(FindingsTest, Relations) {
  const auto found = find<ClassFindings>(relation_type(), {"A", "B"}, "dev.jsonl",
                                         R"({"text": "5 6 7 8", "first": [4, 5], "second": [0, 1], "label": "C"})"
                                         "\n"
                                         R"({"text": "5 6 7", "first": [0, 1], "second": [2, 3], "label": "A"})"
                                         "\n",
                                         {{3, 0}, {3, 0}}, [](TaskConfig& config) {
                                           config.as<RelationSettings>().first_marker = "90";
                                           config.as<RelationSettings>().second_marker = "91";
                                         });
  EXPECT_THAT(found.labels, ElementsAre("A", "B", "C"));
  EXPECT_EQ(found.examples.at(0).gold, 2u);
  const ShownText& text = found.examples.at(0).texts.at(0);
  EXPECT_EQ(text.text, "5 6 7 8");
  ASSERT_THAT(text.marks, SizeIs(2));
  EXPECT_EQ(text.marks[0].name, "e2");
  EXPECT_EQ(text.marks[1].name, "e1");
  EXPECT_EQ(text.marks[1].begin, 4u);
}

TEST_F(FindingsTest, Tags) {
  const auto found =
      find<TagFindings>(tokens_type(), {"B-PER", "O"}, "dev.conll", "7 B-PER\n8 O\n\n9 O\n", {{3, 0, 1, 0}, {0, 5}});
  EXPECT_TRUE(found.are_entities);
  ASSERT_THAT(found.examples, SizeIs(2));
  EXPECT_THAT(found.examples[0].words, ElementsAre("7", "8"));
  EXPECT_THAT(found.examples[0].gold, ElementsAre("B-PER", "O"));
  EXPECT_THAT(found.examples[0].predicted, ElementsAre("B-PER", "B-PER"));
  EXPECT_NEAR(found.examples[0].probabilities.at(0).value(), 1 / (1 + std::exp(-3.0)), 1e-6);
}

TEST_F(FindingsTest, Questions) {
  const std::string file = R"({"data": [{"paragraphs": [{"context": "10 11 12 13", "qas": [
      {"id": "a", "question": "50", "answers": [{"text": "11 12", "answer_start": 3}]}]}]}]})";
  // [CLS] 50 [SEP] 10 11 12 13 [SEP]
  std::vector<float> scores(16, -5);
  scores[4] = scores[8 + 4] = 5;
  const auto found = find<QuestionFindings>(question_type(), {}, "dev.json", file, {scores}, [](TaskConfig& config) {
    config.as<QuestionSettings>().max_question_length = 4;
  });
  ASSERT_THAT(found.examples, SizeIs(1));
  const auto& example = found.examples[0];
  EXPECT_EQ(example.predicted, "11");
  EXPECT_EQ(example.begin, 3u);
  EXPECT_THAT(example.gold, ElementsAre("11 12"));
  EXPECT_EQ(example.exact_match, 0);
  EXPECT_NEAR(example.f1, 2.0 / 3, 1e-12) << "one of two words, and no other";
  EXPECT_GT(example.probability, 0.9);
  EXPECT_EQ(*example.context, "10 11 12 13");
}

TEST_F(FindingsTest, QuestionsWithoutAnAnswer) {
  const std::string file = R"({"data": [{"paragraphs": [{"context": "10 11 12 13", "qas": [
      {"id": "a", "question": "50", "answers": [], "is_impossible": true}]}]}]})";
  std::vector<float> scores(16, -5);
  scores[0] = scores[8] = 5;
  const auto found = find<QuestionFindings>(question_type(), {}, "dev.json", file, {scores}, [](TaskConfig& config) {
    config.as<QuestionSettings>().max_question_length = 4;
    config.as<QuestionSettings>().no_answer = true;
  });
  EXPECT_EQ(found.examples.at(0).predicted, "");
  EXPECT_THAT(found.examples.at(0).gold, IsEmpty());
  EXPECT_EQ(found.examples.at(0).exact_match, 1);
}

TEST_F(FindingsTest, Choices) {
  const auto found = find<ChoiceFindings>(multiple_choice_type(), {}, "dev.jsonl",
                                          R"({"question": "5", "choices": ["6", "7", "8"], "label": 2})"
                                          "\n",
                                          {{0, 1, 0}});
  EXPECT_EQ(found.examples.at(0).gold, 2u);
  EXPECT_EQ(found.examples.at(0).predicted, 1u);
  EXPECT_THAT(found.examples.at(0).choices, ElementsAre("6", "7", "8"));
  EXPECT_NEAR(found.examples.at(0).probabilities.at(1), std::exp(1) / (2 + std::exp(1)), 1e-6);
}

TEST_F(FindingsTest, PairsWithTheirVectors) {
  const auto found = find<PairFindings>(embedding_type(), {}, "dev.tsv", "text\tsecond_text\tlabel\n5\t6\t2.5\n",
                                        {{1, 0, 0.6F, 0.8F}});
  EXPECT_EQ(found.examples.at(0).first, "5");
  EXPECT_EQ(found.examples.at(0).second, "6");
  EXPECT_EQ(found.examples.at(0).gold, 0.5);
  EXPECT_NEAR(found.examples.at(0).cosine, 0.6, 1e-6);
  EXPECT_THAT(found.examples.at(0).second_vector, ElementsAre(0.6F, 0.8F));
}

}  // namespace
}  // namespace albert::tasks
