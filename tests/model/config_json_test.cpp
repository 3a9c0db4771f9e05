#include "model/config_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "support/refusal.h"

namespace albert::model {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string error_of(std::string_view text) {
  return albert::testing::refusal<ModelError>([&] { parse_config_json(text, "config.json"); });
}

TEST(ConfigJson, WhatIsWrittenReadsBack) {
  AlbertConfig config;
  config.vocab_size = 123;
  config.hidden_size = 48;
  config.num_attention_heads = 3;
  config.hidden_act = HiddenActivation::kRelu;
  config.hidden_dropout_prob = 0.1;
  config.layer_norm_eps = 1e-5;
  config.ffn_output_dropout = false;
  config.initializer = Initializer::kNormal;
  EXPECT_EQ(parse_config_json(to_config_json(config), "config.json"), config);
}

TEST(ConfigJson, HasHuggingFaceNamesAndKeepsOursApart) {
  const auto json =
      nlohmann::json::parse(to_config_json(AlbertConfig(), R"({"num_labels": 3, "albert_cpp": {"step": 7}})"));
  EXPECT_EQ(json.at("model_type"), "albert");
  EXPECT_EQ(json.at("hidden_act"), "gelu_new");
  EXPECT_EQ(json.at("layer_norm_eps"), 1e-12);
  EXPECT_EQ(json.at("num_labels"), 3);
  EXPECT_EQ(json.at("albert_cpp").at("step"), 7);
  EXPECT_EQ(json.at("albert_cpp").at("initializer"), "truncated_normal");
  EXPECT_FALSE(json.contains("initializer"));
}

TEST(ConfigJson, AbsentKeysAreHuggingFaceDefaultsAndOthersAreIgnored) {
  const AlbertConfig config = parse_config_json(
      R"({"model_type": "albert", "architectures": ["AlbertForMaskedLM"], "layers_to_keep": [], "gap_size": 0, "eos_token_id": null,
          "down_scale_factor": 1, "hidden_act": "gelu_pytorch_tanh"})",
      "config.json");
  AlbertConfig expected;  // those of xxlarge-v2
  expected.vocab_size = 30000;
  EXPECT_EQ(config, expected);
}

TEST(ConfigJson, BertIsReadAndWrittenInItsOwnWords) {
  const AlbertConfig config = parse_config_json(
      R"({"model_type": "bert", "hidden_size": 384, "num_hidden_layers": 6, "vocab_size": 100, "hidden_dropout_prob": 0.2,
          "classifier_dropout": null, "embedding_size": 7})",
      "config.json");
  EXPECT_EQ(config.embedding_size, 384);
  EXPECT_EQ(config.num_hidden_groups, 6);
  EXPECT_EQ(config.num_attention_heads, 12);
  EXPECT_EQ(config.hidden_act, HiddenActivation::kGelu);
  EXPECT_EQ(config.classifier_dropout_prob, 0.2);
  EXPECT_EQ(config.attention_probs_dropout_prob, 0.1);
  const std::string text = to_config_json(config, R"({"architectures": ["AlbertForMultipleChoice"]})");
  EXPECT_EQ(parse_config_json(text, "config.json"), config);
  const auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json.at("architectures"), nlohmann::json::array({"BertForMultipleChoice"}));
  EXPECT_EQ(json.at("classifier_dropout"), 0.2);
  for (const char* key : {"embedding_size", "num_hidden_groups", "inner_group_num", "classifier_dropout_prob"}) {
    EXPECT_FALSE(json.contains(key)) << key;
  }
  EXPECT_THAT(error_of(R"({"model_type": "bert", "is_decoder": true})"),
              HasSubstr("is_decoder: only false is supported"));
}

TEST(ConfigJson, EveryMistakeNamesItsKey) {
  EXPECT_THAT(
      error_of(
          R"({"hidden_size": "768", "hidden_act": "swish", "num_hidden_layers": 0, "model_type": "roberta", "layer_norm_eps": true,
                   "position_embedding_type": "relative_key", "albert_cpp": {"ffn_output_dropout": 1}})"),
      AllOf(HasSubstr("config.json: mistakes"), HasSubstr("hidden_size: expected a whole number, found \"768\""),
            HasSubstr("hidden_act: expected one of gelu, gelu_new, relu, found \"swish\""),
            HasSubstr("num_hidden_layers: expected a whole number between 1 and 1000, found 0"),
            HasSubstr(R"(model_type: expected one of albert, bert, found "roberta")"),
            HasSubstr("layer_norm_eps: expected a number, found true"),
            HasSubstr("position_embedding_type: only \"absolute\" is supported"),
            HasSubstr("albert_cpp.ffn_output_dropout: expected true or false, found 1")));
  EXPECT_THAT(error_of(R"({"hidden_size": 100, "num_attention_heads": 3})"),
              AllOf(HasSubstr("num_attention_heads: expected a divisor of hidden_size 100, found 3"),
                    Not(HasSubstr("model."))));
  EXPECT_THAT(error_of("{\"hidden_size\": 1"), HasSubstr("config.json: not JSON at byte 18"));
  EXPECT_THAT(error_of("{\"layer_norm_eps\": 1e999}"), AllOf(HasSubstr("config.json: JSON that"), HasSubstr("1e999")));
  EXPECT_THAT(error_of("[]"), HasSubstr("config.json: expected a JSON object"));
}

TEST(ConfigJson, SizesThatNoModelHasAreRefused) {
  for (const char* wrong : {R"("num_hidden_layers": 1000000000)", R"("inner_group_num": 1000000000)",
                            R"("hidden_size": 1099511627776)", R"("vocab_size": 1000000000000)"}) {
    const std::string text = fmt::format(R"({{"model_type": "albert", {}}})", wrong);
    EXPECT_THAT(albert::testing::refusal<ModelError>([&] { parse_config_json(text, "config.json"); }),
                HasSubstr("expected a whole number between "))
        << wrong;
  }
}

}  // namespace
}  // namespace albert::model
