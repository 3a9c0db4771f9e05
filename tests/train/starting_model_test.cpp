#include "train/starting_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_tokenizer.h"

namespace albert::train {
namespace {

using tasks::TaskDefinition;
using tasks::TaskKind;
using ::testing::HasSubstr;

TaskDefinition classifier(std::vector<std::string> labels) {
  TaskDefinition definition;
  definition.labels = std::move(labels);
  return definition;
}

TaskDefinition of_kind(TaskKind kind) {
  TaskDefinition definition;
  definition.config.kind = kind;
  return definition;
}

/// "" if the head of one serves the other.
std::string difference(const TaskDefinition& was, const TaskDefinition& is) {
  const auto tokenizer = std::make_shared<testing::FakeTokenizer>();
  return why_head_differs(*tasks::make_task(was, tokenizer), *tasks::make_task(is, tokenizer)).value_or("");
}

TEST(StartingModel, AHeadServesTheSameTask) {
  EXPECT_EQ(difference(classifier({"a", "b"}), classifier({"a", "b"})), "");
  for (const TaskKind kind : {TaskKind::kQuestion, TaskKind::kMultipleChoice, TaskKind::kEmbedding}) {
    EXPECT_EQ(difference(of_kind(kind), of_kind(kind)), "");
  }
}

TEST(StartingModel, AHeadOfOtherLabelsOrDataDoesNot) {
  EXPECT_THAT(difference(classifier({"a", "b"}), classifier({"b", "a"})), HasSubstr("its labels are 'a', 'b'"));
  EXPECT_THAT(difference(classifier({"a", "b"}), classifier({"a", "b", "c"})), HasSubstr("its labels"));
  TaskDefinition sst2 = classifier({"0", "1"}), cola = sst2;  // the same labels mean something else
  sst2.config.text.glue = tasks::GlueTask::kSst2;
  cola.config.text.glue = tasks::GlueTask::kCola;
  EXPECT_THAT(difference(sst2, cola), HasSubstr("other data"));
  TaskDefinition relation = of_kind(TaskKind::kRelation);
  relation.labels = {"a", "b"};
  EXPECT_THAT(difference(classifier({"a", "b"}), relation), HasSubstr("task of another kind"));
}

TEST(StartingModel, AHeadOfAnotherShapeDoesNot) {
  TaskDefinition joint = of_kind(TaskKind::kQuestion);
  joint.config.question.no_answer = joint.config.question.joint_head = true;
  EXPECT_THAT(difference(joint, of_kind(TaskKind::kQuestion)), HasSubstr("another kind"));
  TaskDefinition classes = of_kind(TaskKind::kEmbedding);
  classes.config.embedding.objective = model::EmbeddingObjective::kClassification;
  EXPECT_THAT(difference(classes, of_kind(TaskKind::kEmbedding)), HasSubstr("objective"));
}

}  // namespace
}  // namespace albert::train
