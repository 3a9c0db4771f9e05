#include "train/starting_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_tokenizer.h"
#include "tasks/embedding/settings.h"
#include "tasks/embedding/task.h"
#include "tasks/question/settings.h"
#include "tasks/question/task.h"
#include "tasks/registry.h"
#include "tasks/relation/task.h"
#include "tasks/text/settings.h"

namespace albert::train {
namespace {

using tasks::TaskDefinition;
using tasks::TaskType;
using ::testing::HasSubstr;

TaskDefinition classifier(std::vector<std::string> labels) {
  TaskDefinition definition;
  definition.labels = std::move(labels);
  return definition;
}

TaskDefinition of_kind(const TaskType& type) {
  return {.config = tasks::TaskConfig(type)};
}

/// "" if the head of one serves the other.
std::string difference(const TaskDefinition& was, const TaskDefinition& is) {
  const auto tokenizer = std::make_shared<testing::FakeTokenizer>();
  return why_head_differs(*tasks::make_task(was, tokenizer), *tasks::make_task(is, tokenizer)).value_or("");
}

TEST(StartingModel, AHeadServesTheSameTask) {
  EXPECT_EQ(difference(classifier({"a", "b"}), classifier({"a", "b"})), "");
  for (const TaskType* type : tasks::all_task_types()) {
    EXPECT_EQ(difference(of_kind(*type), of_kind(*type)), "") << type->name;
  }
}

TEST(StartingModel, AHeadOfOtherLabelsOrDataDoesNot) {
  EXPECT_THAT(difference(classifier({"a", "b"}), classifier({"b", "a"})), HasSubstr("its labels are 'a', 'b'"));
  EXPECT_THAT(difference(classifier({"a", "b"}), classifier({"a", "b", "c"})), HasSubstr("its labels"));
  TaskDefinition sst2 = classifier({"0", "1"}), cola = sst2;  // the same labels mean something else
  sst2.config.as<tasks::TextSettings>().glue = tasks::GlueTask::kSst2;
  cola.config.as<tasks::TextSettings>().glue = tasks::GlueTask::kCola;
  EXPECT_THAT(difference(sst2, cola), HasSubstr("other data"));
  TaskDefinition relation = of_kind(tasks::relation_type());
  relation.labels = {"a", "b"};
  EXPECT_THAT(difference(classifier({"a", "b"}), relation), HasSubstr("task of another kind"));
}

TEST(StartingModel, AHeadOfAnotherShapeDoesNot) {
  TaskDefinition joint = of_kind(tasks::question_type());
  auto& settings = joint.config.as<tasks::QuestionSettings>();
  settings.no_answer = settings.joint_head = true;
  EXPECT_THAT(difference(joint, of_kind(tasks::question_type())), HasSubstr("another kind"));
  TaskDefinition classes = of_kind(tasks::embedding_type());
  classes.config.as<tasks::EmbeddingSettings>().objective = model::EmbeddingObjective::kClassification;
  EXPECT_THAT(difference(classes, of_kind(tasks::embedding_type())), HasSubstr("objective"));
}

}  // namespace
}  // namespace albert::train
