#include "tasks/text/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "config/configuration.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/definition_json.h"
#include "tasks/task_config.h"

namespace albert::tasks {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TaskConfig read(const std::string& yaml) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "task.yaml", yaml);
  config::Configuration document;
  document.add_file(folder / "task.yaml");
  return document.read<TaskConfig>();
}

std::string refusal(const std::string& yaml) {
  try {
    read(yaml);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(TextConfig, IsReadFromYaml) {
  const TaskConfig config =
      read("kind: text\ntext:\n  format: csv\n  text: 2\n  second_text: body\n  label: [a, b]\n  output: multilabel\n");
  EXPECT_EQ(config.text.format, TextFileFormat::kCsv);
  EXPECT_EQ(config.text.text, "2");
  EXPECT_THAT(config.text.label, ElementsAre("a", "b"));
  EXPECT_TRUE(config.text.has_pairs());
  EXPECT_TRUE(config.text.labels_are_columns());
}

TEST(TextConfig, GluesFilesNeedNoSettingsAndTakeNone) {
  const TaskConfig config = read("kind: text\ntext:\n  layout: stsb\n");
  EXPECT_EQ(config.text.glue, GlueTask::kStsb);
  EXPECT_EQ(config.text.kind_of_output(), TextOutput::kRegression);
  EXPECT_TRUE(config.text.has_pairs());
  EXPECT_THAT(refusal("kind: text\ntext:\n  layout: stsb\n  label: [score]\n"), HasSubstr("label"));
}

TEST(TextConfig, EveryLayoutIsATaskOfGlue) {
  for (const GlueInfo& info : all_glue_tasks()) {
    const TaskConfig config = read("text:\n  layout: " + std::string(info.name) + "\n");
    EXPECT_EQ(config.text.glue, info.task) << info.name;
  }
}

TEST(TextConfig, ContradictionsAreAllReported) {
  EXPECT_THAT(refusal("text:\n  header: absent\n  encoding: utf-9\n  label: [1, 2]\n  labels: [x, x]\n"),
              AllOf(HasSubstr("text.encoding"), HasSubstr("no character encoding 'utf-9'"),
                    HasSubstr("text.text: 'text' is a name, but there is no header"),
                    HasSubstr("text.label: 2 columns, but only multilabel"), HasSubstr("named twice")));
  EXPECT_THAT(refusal("text:\n  output: regression\n  labels: [x, y]\n"), HasSubstr("regression has numbers"));
  EXPECT_THAT(refusal("text:\n  format: label_text\n  second_text: b\n"), HasSubstr("one text a line"));
  EXPECT_THAT(refusal("text:\n  threshold: 0.3\n"), HasSubstr("threshold"));
}

TEST(TextConfig, IsStoredWithTheModel) {
  TaskDefinition definition;
  definition.labels = {"no", "yes"};
  definition.config.text.format = TextFileFormat::kTsvQuoted;
  definition.config.text.text = "body";
  definition.config.held_out_of = "reviews.tsv";
  const auto stored = definition_from_json(definition_to_json(definition), "config.json", 512);
  ASSERT_TRUE(stored);
  EXPECT_THAT(stored->assumed, IsEmpty());
  EXPECT_THAT(stored->definition.labels, ElementsAre("no", "yes"));
  EXPECT_EQ(stored->definition.config.text.format, TextFileFormat::kTsvQuoted);
  EXPECT_EQ(stored->definition.config.text.text, "body");
  EXPECT_EQ(stored->definition.config.held_out_of, "reviews.tsv");
}

}  // namespace
}  // namespace albert::tasks
