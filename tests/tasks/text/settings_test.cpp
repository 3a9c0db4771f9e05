#include "tasks/text/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "config/configuration.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/definition_json.h"
#include "tasks/text/task.h"

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
  document.add_tree(config::parse_file(folder / "task.yaml"));
  return document.read<TaskConfig>();
}

TextSettings read_texts(const std::string& yaml) {
  return read(yaml).as<TextSettings>();
}

std::string refusal(const std::string& yaml) {
  return testing::refusal<UsageError>([&] { read(yaml); });
}

TEST(TextSettings, IsReadFromYaml) {
  const TextSettings settings = read_texts(
      "kind: text\ntext:\n  format: csv\n  text: 2\n  second_text: body\n  label: [a, b]\n  output: multilabel\n");
  EXPECT_EQ(settings.format, TextFileFormat::kCsv);
  EXPECT_EQ(settings.text, "2");
  EXPECT_THAT(settings.label, ElementsAre("a", "b"));
  EXPECT_TRUE(settings.has_pairs());
  EXPECT_TRUE(settings.labels_are_columns());
}

TEST(TextSettings, GluesFilesNeedNoSettingsAndTakeNone) {
  const TextSettings settings = read_texts("kind: text\ntext:\n  layout: stsb\n");
  EXPECT_EQ(settings.glue, GlueTask::kStsb);
  EXPECT_EQ(settings.kind_of_output(), TextOutput::kRegression);
  EXPECT_TRUE(settings.has_pairs());
  EXPECT_THAT(refusal("kind: text\ntext:\n  layout: stsb\n  label: [score]\n"), HasSubstr("label"));
}

TEST(TextSettings, AColumnIsOneThing) {
  EXPECT_THAT(refusal("text: {second_text: label}"),
              HasSubstr("task.text.label: is the column 'label', which is that of task.text.second_text, too"));
  EXPECT_THAT(refusal("text: {text: label}"), HasSubstr("which is that of task.text.text, too"));
  EXPECT_THAT(refusal("text: {second_text: text}"), HasSubstr("task.text.second_text: is the column 'text'"));
  EXPECT_THAT(refusal("text: {output: multilabel, label: [a, b, a]}"), HasSubstr("is the column 'a'"));
  EXPECT_THAT(refusal("kind: tokens\ntokens: {tags_name: words, words_name: words}"), HasSubstr("tags_name"));
}

TEST(TextSettings, ATemperatureIsOneThatFittingMayFind) {
  for (const char* temperature : {"1e30", "1e-30", "101"}) {
    EXPECT_THAT(refusal(std::string("kind: text\ntemperature: ") + temperature), HasSubstr("temperature"));
  }
  EXPECT_EQ(read("kind: text\ntemperature: 100").temperature_in_use(), 100);
}

TEST(TextSettings, EveryLayoutIsATaskOfGlue) {
  for (const GlueInfo& info : all_glue_tasks()) {
    const TextSettings settings = read_texts("text:\n  layout: " + std::string(info.name) + "\n");
    EXPECT_EQ(settings.glue, info.task) << info.name;
  }
}

TEST(TextSettings, ContradictionsAreAllReported) {
  EXPECT_THAT(refusal("text:\n  header: absent\n  encoding: utf-9\n  label: [1, 2]\n  labels: [x, x]\n"),
              AllOf(HasSubstr("text.encoding"), HasSubstr("no character encoding 'utf-9'"),
                    HasSubstr("text.text: 'text' is a name, but there is no header"),
                    HasSubstr("text.label: 2 columns, but only multilabel"), HasSubstr("named twice")));
  EXPECT_THAT(refusal("text:\n  output: regression\n  labels: [x, y]\n"), HasSubstr("regression has numbers"));
  EXPECT_THAT(refusal("text:\n  format: label_text\n  second_text: b\n"), HasSubstr("one text a line"));
  EXPECT_THAT(refusal("text:\n  output: regression\n  threshold: 0.3\n"), HasSubstr("threshold"));
  EXPECT_THAT(refusal("text:\n  threshold: search_each\n"), HasSubstr("of two classes there is one threshold"));
  EXPECT_THAT(refusal("text:\n  output: multilabel\n  threshold: []\n"), HasSubstr("found an empty list"));
}

TEST(TextSettings, IsStoredWithTheModel) {
  TaskDefinition definition{.config = TaskConfig(text_type()), .labels = {"no", "yes"}};
  definition.config.as<TextSettings>().format = TextFileFormat::kTsvQuoted;
  definition.config.as<TextSettings>().text = "body";
  definition.config.held_out_of = "reviews.tsv";
  const auto stored = definition_from_json(definition_to_json(definition), "config.json", 512);
  ASSERT_TRUE(stored);
  EXPECT_THAT(stored->assumed, IsEmpty());
  EXPECT_THAT(stored->definition.labels, ElementsAre("no", "yes"));
  EXPECT_EQ(stored->definition.config.as<TextSettings>().format, TextFileFormat::kTsvQuoted);
  EXPECT_EQ(stored->definition.config.as<TextSettings>().text, "body");
  EXPECT_EQ(stored->definition.config.held_out_of, "reviews.tsv");
}

}  // namespace
}  // namespace albert::tasks
