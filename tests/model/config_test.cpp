#include "model/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "config/configuration.h"
#include "model/statistics.h"

namespace albert::model {
namespace {

using ::testing::HasSubstr;

std::vector<std::int64_t> groups(std::int64_t num_layers, std::int64_t num_groups) {
  AlbertConfig config;
  config.num_hidden_layers = num_layers;
  config.num_hidden_groups = num_groups;
  std::vector<std::int64_t> result;
  for (std::int64_t i = 0; i < num_layers; ++i) result.push_back(config.group_of_layer(i));
  return result;
}

TEST(AlbertConfig, GroupsOfLayersAreThoseOfHuggingFace) {
  // [int(i / (L / G)) for i in range(L)] in Python.
  EXPECT_THAT(groups(4, 1), ::testing::ElementsAre(0, 0, 0, 0));
  EXPECT_THAT(groups(4, 4), ::testing::ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(groups(6, 2), ::testing::ElementsAre(0, 0, 0, 1, 1, 1));
  EXPECT_THAT(groups(5, 3), ::testing::ElementsAre(0, 0, 1, 1, 2));
  EXPECT_THAT(groups(7, 3), ::testing::ElementsAre(0, 0, 0, 1, 1, 2, 2));
}

TEST(AlbertConfig, ContradictionsAreReportedTogether) {
  AlbertConfig config;
  config.vocab_size = 3;
  config.num_attention_heads = 7;
  config.num_hidden_groups = 13;
  config::Checks checks([](std::string_view) { return "place"; });
  config.check(checks);
  EXPECT_THAT(
      checks.messages(),
      ::testing::ElementsAre(HasSubstr("model.num_attention_heads: expected a divisor of hidden_size 4096, found 7"),
                             HasSubstr("model.num_hidden_groups: expected at most num_hidden_layers 12, found 13"),
                             HasSubstr("model.eos_token_id: expected an id below vocab_size 3, found 3")));
}

/// The file under the key "model", as in a pretraining configuration.
struct Whole {
  AlbertConfig model;
  void fields(config::Fields& f) { f.group("model", model, "shape of the model"); }
  void check(config::Checks& c) const { model.check(c); }
};

AlbertConfig read_config(const fs::path& file) {
  config::Configuration document({"model"});
  document.add_assignment("model=" + file.string());
  return document.read<Whole>().model;
}

std::int64_t parameters_with_vocabulary(const std::string& name, std::int64_t vocab_size) {
  AlbertConfig config = read_config(fs::path("configs/model") / (name + ".yaml"));
  config.vocab_size = vocab_size;
  return count_parameters(config).total();
}

TEST(ModelConfigurations, EveryFileIsReadAndLeavesTheVocabularyToTheTokenizer) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator("configs/model")) {
    SCOPED_TRACE(entry.path());
    EXPECT_EQ(read_config(entry.path()).vocab_size, 0);
    names.insert(entry.path().stem());
  }
  EXPECT_THAT(names,
              ::testing::UnorderedElementsAre("base-v1", "base-v2", "large-v1", "large-v2", "xlarge-v1", "xlarge-v2",
                                              "xxlarge-v1", "xxlarge-v2", "medium", "small", "tiny", "bert-base"));
}

TEST(ModelConfigurations, PublishedModelsHaveTheirNumberOfParameters) {
  // With both heads, as Transformers 5.23 counts AlbertForPreTraining.
  for (const std::string version : {"-v1", "-v2"}) {
    EXPECT_EQ(parameters_with_vocabulary("base" + version, 30000), 11813810);
    EXPECT_EQ(parameters_with_vocabulary("large" + version, 30000), 17847474);
    EXPECT_EQ(parameters_with_vocabulary("xlarge" + version, 30000), 59021490);
    EXPECT_EQ(parameters_with_vocabulary("xxlarge" + version, 30000), 223158450);
  }
}

TEST(ModelConfigurations, VersionsDifferInDropoutAndActivation) {
  for (const std::string size : {"base", "large", "xlarge", "xxlarge"}) {
    const AlbertConfig v1 = read_config(fs::path("configs/model") / (size + "-v1.yaml"));
    AlbertConfig v2 = read_config(fs::path("configs/model") / (size + "-v2.yaml"));
    EXPECT_EQ(v1.hidden_act, HiddenActivation::kGelu);
    EXPECT_EQ(v2.hidden_act, HiddenActivation::kGeluNew);
    EXPECT_EQ(v1.hidden_dropout_prob, size == "xxlarge" ? 0 : 0.1);
    EXPECT_EQ(v1.attention_probs_dropout_prob, v1.hidden_dropout_prob);
    EXPECT_EQ(v2.hidden_dropout_prob, 0);
    EXPECT_EQ(v2.attention_probs_dropout_prob, 0);
  }
}

}  // namespace
}  // namespace albert::model
