#include "interop/model_card.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

namespace albert::interop {
namespace {

/// What stands between the lines of dashes.
YAML::Node front_matter(const std::string& card) {
  const std::size_t end = card.find("\n---\n", 4);
  EXPECT_TRUE(card.starts_with("---\n"));
  return YAML::Load(card.substr(4, end - 4));
}

TEST(ModelCard, TellsHubsWhatTheModelIs) {
  ModelCard card;
  card.name = "sentiment";
  card.said = {
      .languages = {"en", "de"}, .license = "apache-2.0", .base_model = "albert-base-v2", .datasets = {"glue"}};
  card.model.head = GraphHead::kTask;
  card.labels = {"negative", "a|b"};
  card.figures = {{"accuracy", 0.925}};
  card.int8_figures = {{"accuracy", 0.918}};
  card.figures_of = "SST-2/dev.tsv";
  card.onnx_files = {"onnx/model.onnx"};
  const std::string text = write_model_card(card);
  const YAML::Node yaml = front_matter(text);
  EXPECT_EQ(yaml["language"][1].as<std::string>(), "de");
  EXPECT_EQ(yaml["license"].as<std::string>(), "apache-2.0");
  EXPECT_EQ(yaml["base_model"].as<std::string>(), "albert-base-v2");
  EXPECT_EQ(yaml["datasets"][0].as<std::string>(), "glue");
  EXPECT_EQ(yaml["pipeline_tag"].as<std::string>(), "text-classification");
  const YAML::Node result = yaml["model-index"][0]["results"][0];
  EXPECT_EQ(result["dataset"]["name"].as<std::string>(), "SST-2/dev.tsv");
  EXPECT_EQ(result["metrics"][0]["value"].as<double>(), 0.925);
  EXPECT_THAT(text, ::testing::HasSubstr("| labels | negative, a\\|b |"));
  EXPECT_THAT(text, ::testing::HasSubstr("| accuracy | 0.925 | 0.918 |"));
  EXPECT_THAT(text, ::testing::HasSubstr("| output | `logits` | float32 [batch, classes] |"));
  EXPECT_THAT(text, ::testing::HasSubstr("`id2label[i]`"));
  EXPECT_FALSE(yaml["library_name"]);  // no class of Transformers is named
  EXPECT_THAT(text, ::testing::HasSubstr("FOLDER/onnx/model.onnx"));
}

TEST(ModelCard, AModelIsOfTheTaskThatItsHeadIsFor) {
  ModelCard card;
  card.model.head = GraphHead::kTask;
  card.model.task.kind = model::HeadKind::kJointQuestionAnswering;
  card.figures = {{"f1", 80}};
  const YAML::Node yaml = front_matter(write_model_card(card));
  EXPECT_EQ(yaml["model-index"][0]["results"][0]["task"]["type"].as<std::string>(), "question-answering");
  EXPECT_FALSE(yaml["pipeline_tag"]);
}

TEST(ModelCard, WhatPeopleWriteStaysText) {
  ModelCard card;
  card.name = "a: \"b\"\n- c";
  card.said.license = "other: #1 \\";
  const YAML::Node yaml = front_matter(write_model_card(card));
  EXPECT_EQ(yaml["license"].as<std::string>(), "other: #1 \\");
  EXPECT_EQ(yaml["pipeline_tag"].as<std::string>(), "feature-extraction");
}

}  // namespace
}  // namespace albert::interop
