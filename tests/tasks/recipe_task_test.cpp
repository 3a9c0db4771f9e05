#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/embedding/settings.h"
#include "tasks/question/settings.h"
#include "tasks/score.h"
#include "tasks/text/settings.h"
#include "tasks/tokens/settings.h"

namespace albert::tasks {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(TaskOfRecipe, OfGlueItIsTheTaskOfThatName) {
  for (const GlueInfo& info : all_glue_tasks()) {
    const TaskConfig task = task_of_recipe(std::string(info.name));
    EXPECT_EQ(task.type().name, "text") << info.name;
    EXPECT_EQ(task.as<TextSettings>().glue, info.task);
  }
}

TEST(TaskOfRecipe, OwnTextsHaveTheOutputOfTheirName) {
  EXPECT_EQ(task_of_recipe("classification").as<TextSettings>().output, TextOutput::kClassification);
  EXPECT_EQ(task_of_recipe("regression").as<TextSettings>().output, TextOutput::kRegression);
  EXPECT_EQ(task_of_recipe("multilabel").as<TextSettings>().output, TextOutput::kMultilabel);
  EXPECT_EQ(task_of_recipe("multilabel").as<TextSettings>().label_separator, ",");
}

TEST(TaskOfRecipe, TagsAreJudgedByTheirOfficialFigure) {
  EXPECT_EQ(task_of_recipe("quickstart").as<TokenSettings>().score, TagScoring::kTags);
  const TaskConfig conll = task_of_recipe("conll");
  EXPECT_EQ(conll.as<TokenSettings>().score, TagScoring::kEntities);
  EXPECT_EQ(conll.as<TokenSettings>().format.layout, TagLayout::kByFile);
  const TaskConfig wnut = task_of_recipe("wnut17");
  EXPECT_EQ(wnut.as<TokenSettings>().score, TagScoring::kEntities);
  EXPECT_EQ(wnut.as<TokenSettings>().format.layout, TagLayout::kColumns);
  const TaskConfig treebank = task_of_recipe("ud_pos");
  EXPECT_EQ(treebank.as<TokenSettings>().score, TagScoring::kTags);
  EXPECT_EQ(treebank.as<TokenSettings>().format.layout, TagLayout::kConllu);
  EXPECT_EQ(treebank.as<TokenSettings>().format.conllu_tag, ConlluTag::kUpos);
}

TEST(TaskOfRecipe, AnswersAreJudgedByTheScriptOfTheirData) {
  EXPECT_EQ(task_of_recipe("squad1").as<QuestionSettings>().scoring, AnswerScoring::kSquad);
  EXPECT_FALSE(task_of_recipe("squad1").as<QuestionSettings>().no_answer);
  EXPECT_EQ(task_of_recipe("squad2").as<QuestionSettings>().scoring, AnswerScoring::kSquad);
  EXPECT_TRUE(task_of_recipe("squad2").as<QuestionSettings>().no_answer);
  EXPECT_EQ(task_of_recipe("cmrc2018").as<QuestionSettings>().scoring, AnswerScoring::kCmrc);
}

TEST(TaskOfRecipe, TheOthersAreOfTheirKind) {
  EXPECT_EQ(task_of_recipe("race").type().name, "multiple_choice");
  EXPECT_EQ(task_of_recipe("arc").type().name, "multiple_choice");
  EXPECT_EQ(task_of_recipe("semeval2010").type().name, "relation");
  const TaskConfig embedding = task_of_recipe("embedding");
  EXPECT_EQ(embedding.type().name, "embedding");
  EXPECT_EQ(embedding.as<EmbeddingSettings>().files.glue, GlueTask::kStsb);
  EXPECT_EQ(embedding.as<EmbeddingSettings>().objective, model::EmbeddingObjective::kCosine);
}

TEST(TaskOfRecipe, AFileIsReadAsFarAsTheTask) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "own.yaml", "task: {kind: text, text: {output: regression}}\nwhatever: 1\n");
  EXPECT_EQ(task_of_recipe(folder / "own.yaml").as<TextSettings>().output, TextOutput::kRegression);
  testing::write_file(folder / "own.yaml", "task: {kind: text, text: {outptu: regression}}\n");
  EXPECT_THAT([&] { task_of_recipe(folder / "own.yaml"); },
              ThrowsMessage<UsageError>(HasSubstr("own.yaml:1: unknown key 'task.text.outptu'")));
  testing::write_file(folder / "own.yaml", "train: {steps: 1}\n");
  EXPECT_THAT([&] { task_of_recipe(folder / "own.yaml"); }, ThrowsMessage<UsageError>(HasSubstr("has no task")));
}

}  // namespace
}  // namespace albert::tasks
