#include "tasks/definition_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "support/refusal.h"
#include "tasks/embedding/settings.h"
#include "tasks/embedding/task.h"
#include "tasks/question/settings.h"
#include "tasks/question/task.h"
#include "tasks/text/settings.h"
#include "tasks/tokens/settings.h"
#include "tasks/tokens/task.h"

namespace albert::tasks {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

json labels(const std::vector<std::string>& names) {
  json object = json::object();
  for (std::size_t i = 0; i < names.size(); ++i) object[std::to_string(i)] = names[i];
  return object;
}

StoredDefinition read(const json& config, std::int64_t max_length = 512) {
  const auto stored = definition_from_json(config.dump(), "config.json", max_length);
  if (!stored) throw ModelError("no task");
  return *stored;
}

std::string refusal(const json& config) {
  return albert::testing::refusal<ModelError>([&] { read(config); });
}

json sequence_classes(const std::vector<std::string>& names, const json& problem_type = nullptr) {
  return {{"architectures", {"AlbertForSequenceClassification"}},
          {"id2label", labels(names)},
          {"problem_type", problem_type}};
}

TEST(InferredDefinition, IsOfOneLabelAText) {
  const auto stored = read(sequence_classes({"bad", "good"}, "single_label_classification"), 128);
  EXPECT_EQ(stored.definition.config.type().name, "text");
  EXPECT_EQ(stored.definition.config.as<TextSettings>().kind_of_output(), TextOutput::kClassification);
  EXPECT_EQ(stored.definition.config.max_sequence_length, 128);
  EXPECT_THAT(stored.definition.labels, ElementsAre("bad", "good"));
  EXPECT_THAT(stored.assumed, Contains(HasSubstr("'good', the second class, is what f1")));
  EXPECT_THAT(stored.assumed, Not(Contains(HasSubstr("problem_type"))));
  EXPECT_THAT(read(sequence_classes({"a", "b", "c"})).assumed, Contains(HasSubstr("problem_type is not said")));
}

TEST(InferredDefinition, ClassesWithoutNamesAreCounted) {
  const json two = {{"architectures", {"AlbertForSequenceClassification"}}};
  EXPECT_THAT(read(two).definition.labels, ElementsAre("LABEL_0", "LABEL_1"));
  const json three = {{"architectures", {"AlbertForSequenceClassification"}}, {"num_labels", 3}};
  EXPECT_THAT(read(three).definition.labels, ElementsAre("LABEL_0", "LABEL_1", "LABEL_2"));
  std::vector<std::string> twelve;
  for (int i = 0; i < 12; ++i) twelve.push_back(fmt::format("L{}", i));  // "10" comes before "2" in the file
  EXPECT_EQ(read(sequence_classes(twelve)).definition.labels, twelve);
}

TEST(InferredDefinition, ContradictingNumbersOfClassesAreTold) {
  json config = sequence_classes({"no", "yes"});
  config["label2id"] = {{"no", 0}, {"yes", 1}, {"other", 7}};
  EXPECT_THAT(read(config).assumed, Not(Contains(HasSubstr("label2id"))));
  config["label2id"] = {{"no", 1}, {"yes", 0}};
  const auto stored = read(config);
  EXPECT_THAT(stored.definition.labels, ElementsAre("no", "yes"));
  EXPECT_THAT(stored.assumed, Contains(HasSubstr("'no' is class 0, as id2label says and Transformers reads it, though "
                                                 "label2id says 1")));
}

TEST(InferredDefinition, ClassesMayBeCalledByNumbers) {
  json config = sequence_classes({"a", "b", "c"});
  config["id2label"] = {{"0", 0}, {"1", 1.5}, {"2", true}};
  EXPECT_THAT(read(config).definition.labels, ElementsAre("0", "1.5", "true"));
  config["id2label"]["1"] = "0";
  EXPECT_THAT(refusal(config), HasSubstr("id2label: two classes are called '0'"));
  config["id2label"]["1"] = nullptr;
  EXPECT_THAT(refusal(config), HasSubstr("id2label: expected an object with a name for each"));
  for (const json& count : {json(0), json(4'000'000'000), json("three")}) {
    EXPECT_THAT(refusal({{"architectures", {"AlbertForSequenceClassification"}}, {"num_labels", count}}),
                HasSubstr("num_labels: expected a whole number"));
  }
}

TEST(InferredDefinition, IsOfANumberAndOfSeveralLabels) {
  for (const json& type : {json("regression"), json()}) {
    const auto stored = read(sequence_classes({"LABEL_0"}, type));
    EXPECT_EQ(stored.definition.config.as<TextSettings>().kind_of_output(), TextOutput::kRegression);
    EXPECT_THAT(stored.definition.labels, IsEmpty());
  }
  const auto several = read(sequence_classes({"a", "b", "c"}, "multi_label_classification"));
  EXPECT_EQ(several.definition.config.as<TextSettings>().kind_of_output(), TextOutput::kMultilabel);
  EXPECT_THAT(several.definition.labels, ElementsAre("a", "b", "c"));
}

TEST(InferredDefinition, IsOfTags) {
  json config = {{"architectures", {"AlbertForTokenClassification"}}, {"id2label", labels({"O", "B-PER", "I-PER"})}};
  const auto entities = read(config, 64);
  EXPECT_EQ(entities.definition.config.type().name, "tokens");
  EXPECT_EQ(entities.definition.config.as<TokenSettings>().score, TagScoring::kEntities);
  EXPECT_EQ(entities.definition.config.as<TokenSettings>().stride, 32);
  config["id2label"] = labels({"NOUN", "VERB"});
  EXPECT_EQ(read(config).definition.config.as<TokenSettings>().score, TagScoring::kTags);
}

TEST(InferredDefinition, IsOfQuestionsAndChoices) {
  const auto question = read({{"architectures", {"AlbertForQuestionAnswering"}}});
  EXPECT_EQ(question.definition.config.type().name, "question");
  EXPECT_EQ(question.definition.config.max_sequence_length, 384);
  EXPECT_FALSE(question.definition.config.as<QuestionSettings>().no_answer);
  const auto small = read({{"architectures", {"AlbertForQuestionAnswering"}}}, 64);
  EXPECT_EQ(small.definition.config.max_sequence_length, 64);
  EXPECT_LT(small.definition.config.as<QuestionSettings>().max_question_length + 3, 64);
  EXPECT_EQ(read({{"architectures", {"AlbertForMultipleChoice"}}}).definition.config.type().name, "multiple_choice");
}

TEST(InferredDefinition, ThereIsNoneWithoutATasksHead) {
  for (const json& config : {json::object(), json{{"architectures", {"AlbertForMaskedLM"}}},
                             json{{"architectures", {"AlbertModel"}}}, json{{"architectures", nullptr}}}) {
    EXPECT_FALSE(definition_from_json(config.dump(), "config.json", 512)) << config;
  }
}

TEST(InferredDefinition, WhatMakesNoSenseIsNamed) {
  EXPECT_THAT(refusal(sequence_classes({"a", "b"}, "regression")), HasSubstr("a regression to 2 numbers"));
  EXPECT_THAT(refusal(sequence_classes({"a", "b"}, "guess")), HasSubstr("found \"guess\""));
  json config = sequence_classes({"a", "b"});
  config["id2label"] = {{"0", "a"}, {"2", "b"}};
  EXPECT_THAT(refusal(config), AllOf(HasSubstr("config.json: id2label"), HasSubstr("\"2\"")));
}

TEST(AutoClass, IsNamedOrMissing) {
  TaskConfig config;
  config = TaskConfig(tokens_type());
  EXPECT_THAT(describe_auto_class(config), ::testing::EndsWith("with AutoModelForTokenClassification"));
  config = TaskConfig(embedding_type());
  EXPECT_THAT(describe_auto_class(config), AllOf(HasSubstr("no Auto class"), HasSubstr("with AutoModel, without")));
}

/// config.json of a model of ours after Transformers trained it further.
class OwnDefinitionTest : public ::testing::Test {
 protected:
  OwnDefinitionTest() {
    TaskDefinition definition;
    definition.labels = {"no", "yes"};
    definition.config.as<TextSettings>().text = "body";
    config_ = json::parse(definition_to_json(definition));
  }
  json config_;
};

TEST_F(OwnDefinitionTest, CountsWhereTheRestAgrees) {
  EXPECT_EQ(read(config_).definition.config.as<TextSettings>().text, "body");
  EXPECT_THAT(read(config_).assumed, IsEmpty());
  config_.erase("id2label");  // as Transformers writes two labels without names
  config_.erase("problem_type");
  EXPECT_EQ(read(config_).definition.config.as<TextSettings>().text, "body");
}

TEST_F(OwnDefinitionTest, IsLeftAsideAfterAnotherFineTuning) {
  json other = config_;
  other["id2label"] = labels({"yes", "no"});
  EXPECT_THAT(read(other).definition.labels, ElementsAre("yes", "no"));
  EXPECT_THAT(read(other).assumed, Contains("albert_cpp.task is of an earlier fine-tuning"));
  other = config_;
  other["problem_type"] = "multi_label_classification";
  EXPECT_EQ(read(other).definition.config.as<TextSettings>().output, TextOutput::kMultilabel);
  other = config_;
  other["architectures"] = {"AlbertForTokenClassification"};
  EXPECT_EQ(read(other).definition.config.type().name, "tokens");
  other["architectures"] = {"AlbertModel"};  // saved without its head
  EXPECT_FALSE(definition_from_json(other.dump(), "config.json", 512));
}

}  // namespace
}  // namespace albert::tasks
