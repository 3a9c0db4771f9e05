#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"
#include "tasks/definition_json.h"
#include "tasks/embedding/settings.h"
#include "tasks/embedding/task.h"
#include "tasks/question/settings.h"
#include "tasks/question/task.h"
#include "tasks/text/settings.h"
#include "tasks/tokens/settings.h"
#include "tasks/tokens/task.h"

namespace albert::tasks {
namespace {

using ::testing::_;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Texts = std::vector<std::string>;

StoredDefinition classifier(const Texts& labels) {
  StoredDefinition stored;
  stored.definition.labels = labels;
  return stored;
}

std::string refusal(const StoredDefinition& stored, const Texts& settings) {
  return albert::testing::refusal<UsageError>([&] { with_settings(stored, settings); });
}

TEST(TaskSettings, PoolingByClsIsThatByTheFirstToken) {
  StoredDefinition stored;
  stored.definition.config = TaskConfig(embedding_type());
  const auto changed = with_settings(stored, {"task.embedding.pooling=cls"}).definition;
  EXPECT_EQ(changed.config.as<EmbeddingSettings>().pooling, model::EmbeddingPooling::kFirstToken);
  EXPECT_THAT(definition_to_json(changed), HasSubstr("\"pooling\":\"first\"")) << "one name is written";
}

TEST(TaskSettings, StandOverWhatTheModelHas) {
  StoredDefinition stored = classifier({"a", "b"});
  stored.definition.config.as<TextSettings>().label = {"class"};
  stored.definition.config.max_sequence_length = 80;
  const auto changed = with_settings(stored, {"task.text.text=body", "task.text.second_text=title"}).definition.config;
  EXPECT_EQ(changed.as<TextSettings>().text, "body");
  EXPECT_TRUE(changed.as<TextSettings>().has_pairs());
  EXPECT_THAT(changed.as<TextSettings>().label, ElementsAre("class"));
  EXPECT_EQ(changed.max_sequence_length, 80);
  EXPECT_EQ(with_settings(stored, {}).definition.labels, stored.definition.labels);
}

TEST(TaskSettings, AnotherTemperatureLeavesTheDecisionsAsTheyAre) {
  StoredDefinition stored = classifier({"a", "b", "c"});
  stored.definition.config.as<TextSettings>().output = TextOutput::kMultilabel;
  stored.definition.config.temperature.numbers = {0.5};
  auto& threshold = stored.definition.config.as<TextSettings>().threshold.numbers;
  threshold = {1 / (1 + std::exp(-3.0)), 0.5, 1};  // of logits of 1.5, 0 and without end
  const auto changed = [&](const Texts& settings) {
    return with_settings(stored, settings).definition.config.as<TextSettings>().threshold.numbers;
  };
  const auto at_one = changed({"task.temperature=1"});
  EXPECT_NEAR(at_one[0], 1 / (1 + std::exp(-1.5)), 1e-12);
  EXPECT_THAT(at_one, ElementsAre(_, 0.5, 1));
  EXPECT_EQ(changed({"task.max_sequence_length=64"}), threshold);
  threshold = {0.9};
  EXPECT_THAT(changed({"task.temperature=1", "task.text.threshold=0.6"}), ElementsAre(0.6));
}

TEST(TaskSettings, AreThoseOfQuestions) {
  StoredDefinition stored;
  stored.definition.config = TaskConfig(question_type());
  const auto changed = with_settings(stored, {"task.question.no_answer=true", "task.question.null_threshold=1.5"});
  EXPECT_TRUE(changed.definition.config.as<QuestionSettings>().no_answer);
  EXPECT_EQ(changed.definition.config.as<QuestionSettings>().null_threshold, 1.5);
  EXPECT_THAT(changed.assumed, IsEmpty());
}

TEST(TaskSettings, WhatIsSaidIsNotAssumed) {
  StoredDefinition stored;
  stored.assumed = {"single texts (task.text.second_text)", "own files (task.text.layout, .text, .label)", "cased"};
  EXPECT_THAT(with_settings(stored, {"task.text.second_text=b"}).assumed, ElementsAre(stored.assumed[1], "cased"));
  EXPECT_THAT(with_settings(stored, {"task.text.label=[b]"}).assumed, ElementsAre(stored.assumed[0], "cased"));
  EXPECT_THAT(with_settings(stored, {"task.max_sequence_length=80"}).assumed, SizeIs(3));
}

TEST(TaskSettings, MistakesAreAllNamed) {
  EXPECT_THAT(refusal(classifier({"a", "b"}), {"task.text.lable=x", "task.max_sequence_length=2"}),
              AllOf(HasSubstr("task.text.lable"), HasSubstr("label"), HasSubstr("max_sequence_length")));
  EXPECT_THAT(refusal(classifier({"a", "b"}), {"task.question.n_best=3"}), HasSubstr("task.question"));
  EXPECT_THAT(refusal(classifier({"a", "b"}), {"task.text.encoding=utf-9"}), HasSubstr("utf-9"));
}

TEST(TaskSettings, LabelsGetOtherNames) {
  const auto changed = with_settings(classifier({"LABEL_0", "LABEL_1"}), {"task.text.labels=[bad, good]"});
  EXPECT_THAT(changed.definition.labels, ElementsAre("bad", "good"));
  EXPECT_THAT(changed.assumed, ElementsAre("of the model's labels 'LABEL_0' is 'bad', 'LABEL_1' is 'good'"));
  EXPECT_THAT(refusal(classifier({"LABEL_0", "LABEL_1"}), {"task.text.labels=[a, b, c]"}),
              AllOf(HasSubstr("3 names for the 2 classes"), HasSubstr("LABEL_1")));
  EXPECT_THAT(refusal(classifier({"ham", "spam"}), {"task.text.labels=[spam, ham]"}),
              HasSubstr("in another order, 'ham', 'spam': other names would exchange its answers"));
}

TEST(TaskSettings, ALayoutOfGlueNamesTheClassesAsItsFilesDo) {
  const auto labels = [](const Texts& names, const std::string& layout) {
    return with_settings(classifier(names), {"task.text.layout=" + layout}).definition.labels;
  };
  EXPECT_THAT(labels({"negative", "positive"}, "sst2"), ElementsAre("0", "1"));
  EXPECT_THAT(labels({"ENTAILMENT", "NEUTRAL", "CONTRADICTION"}, "mnli"),
              ElementsAre("entailment", "neutral", "contradiction"));
  EXPECT_THAT(labels({"contradiction", "entailment", "neutral"}, "mnli"),
              ElementsAre("contradiction", "entailment", "neutral"));
  EXPECT_THAT(labels({"LABEL_0", "LABEL_1", "LABEL_2"}, "mnli"), ElementsAre("entailment", "neutral", "contradiction"));
  EXPECT_THAT(labels({"LABEL_0", "LABEL_1"}, "rte"), ElementsAre("entailment", "not_entailment"));
  EXPECT_THAT(with_settings(classifier({"x", "y"}), {"task.text.layout=cola"}).assumed, SizeIs(1));
  EXPECT_THAT(refusal(classifier({"a", "b"}), {"task.text.layout=mnli"}), HasSubstr("mnli has 3 labels"));
  EXPECT_THAT(refusal(classifier({"a", "b", "c"}), {"task.text.layout=mnli"}), HasSubstr("correct id2label"));
}

TEST(TaskSettings, ANumberNeedsNoLabels) {
  StoredDefinition stored;
  stored.definition.config.as<TextSettings>().output = TextOutput::kRegression;
  EXPECT_THAT(with_settings(stored, {"task.text.layout=stsb"}).definition.labels, IsEmpty());
}

}  // namespace
}  // namespace albert::tasks
