#include "tasks/recipe_task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/text/glue.h"

namespace albert::tasks {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(TaskOfRecipe, OfGlueItIsTheTaskOfThatName) {
  for (const GlueInfo& info : all_glue_tasks()) {
    const TaskConfig task = task_of_recipe(std::string(info.name));
    EXPECT_EQ(task.kind, TaskKind::kText) << info.name;
    EXPECT_EQ(task.text.glue, info.task);
  }
}

TEST(TaskOfRecipe, OwnTextsHaveTheOutputOfTheirName) {
  EXPECT_EQ(task_of_recipe("classification").text.output, TextOutput::kClassification);
  EXPECT_EQ(task_of_recipe("regression").text.output, TextOutput::kRegression);
  EXPECT_EQ(task_of_recipe("multilabel").text.output, TextOutput::kMultilabel);
  EXPECT_EQ(task_of_recipe("multilabel").text.label_separator, ",");
  EXPECT_EQ(task_of_recipe("quickstart").text.output, TextOutput::kClassification);
}

TEST(TaskOfRecipe, TagsAreJudgedByTheirOfficialFigure) {
  const TaskConfig conll = task_of_recipe("conll");
  EXPECT_EQ(conll.tokens.score, TagScoring::kEntities);
  EXPECT_EQ(conll.tokens.format.layout, TagLayout::kByFile);
  const TaskConfig wnut = task_of_recipe("wnut17");
  EXPECT_EQ(wnut.tokens.score, TagScoring::kEntities);
  EXPECT_EQ(wnut.tokens.format.layout, TagLayout::kColumns);
  const TaskConfig treebank = task_of_recipe("ud_pos");
  EXPECT_EQ(treebank.tokens.score, TagScoring::kTags);
  EXPECT_EQ(treebank.tokens.format.layout, TagLayout::kConllu);
  EXPECT_EQ(treebank.tokens.format.conllu_tag, ConlluTag::kUpos);
}

TEST(TaskOfRecipe, AnswersAreJudgedByTheScriptOfTheirData) {
  EXPECT_EQ(task_of_recipe("squad1").question.scoring, AnswerScoring::kSquad);
  EXPECT_FALSE(task_of_recipe("squad1").question.no_answer);
  EXPECT_EQ(task_of_recipe("squad2").question.scoring, AnswerScoring::kSquad);
  EXPECT_TRUE(task_of_recipe("squad2").question.no_answer);
  EXPECT_EQ(task_of_recipe("cmrc2018").question.scoring, AnswerScoring::kCmrc);
}

TEST(TaskOfRecipe, TheOthersAreOfTheirKind) {
  EXPECT_EQ(task_of_recipe("race").kind, TaskKind::kMultipleChoice);
  EXPECT_EQ(task_of_recipe("arc").kind, TaskKind::kMultipleChoice);
  EXPECT_EQ(task_of_recipe("semeval2010").kind, TaskKind::kRelation);
  const TaskConfig embedding = task_of_recipe("embedding");
  EXPECT_EQ(embedding.kind, TaskKind::kEmbedding);
  EXPECT_EQ(embedding.embedding.files.glue, GlueTask::kStsb);
  EXPECT_EQ(embedding.embedding.objective, model::EmbeddingObjective::kCosine);
}

TEST(TaskOfRecipe, AFileIsReadAsFarAsTheTask) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "own.yaml", "task: {kind: text, text: {output: regression}}\nwhatever: 1\n");
  EXPECT_EQ(task_of_recipe(folder / "own.yaml").text.output, TextOutput::kRegression);
  testing::write_file(folder / "own.yaml", "task: {kind: text, text: {outptu: regression}}\n");
  EXPECT_THAT([&] { task_of_recipe(folder / "own.yaml"); },
              ThrowsMessage<UsageError>(HasSubstr("own.yaml:1: unknown key 'task.text.outptu'")));
  testing::write_file(folder / "own.yaml", "train: {steps: 1}\n");
  EXPECT_THAT([&] { task_of_recipe(folder / "own.yaml"); }, ThrowsMessage<UsageError>(HasSubstr("has no task")));
}

}  // namespace
}  // namespace albert::tasks
