#include "checkpoint/bert_names.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace albert::checkpoint {
namespace {

const std::pair<const char*, const char*> kPairs[] = {
    {"bert.embeddings.word_embeddings.weight", "albert.embeddings.word_embeddings.weight"},
    {"bert.encoder.layer.11.attention.self.query.weight",
     "albert.encoder.albert_layer_groups.11.albert_layers.0.attention.query.weight"},
    {"bert.encoder.layer.0.attention.output.LayerNorm.bias",
     "albert.encoder.albert_layer_groups.0.albert_layers.0.attention.LayerNorm.bias"},
    {"bert.encoder.layer.0.output.dense.weight",
     "albert.encoder.albert_layer_groups.0.albert_layers.0.ffn_output.weight"},
    {"bert.encoder.layer.0.intermediate.dense.bias", "albert.encoder.albert_layer_groups.0.albert_layers.0.ffn.bias"},
    {"bert.pooler.dense.weight", "albert.pooler.weight"},
    {"cls.predictions.transform.LayerNorm.weight", "predictions.LayerNorm.weight"},
    {"cls.predictions.bias", "predictions.bias"},
    {"cls.seq_relationship.weight", "sop_classifier.classifier.weight"},
    {"classifier.weight", "classifier.weight"},
};

TEST(BertNames, GoBothWays) {
  for (const auto& [bert, albert] : kPairs) {
    std::string name = bert;
    if (name.starts_with("bert.")) name.replace(0, 5, "albert.");
    EXPECT_EQ(from_bert_name(name), albert);
    EXPECT_EQ(to_bert_name(albert), bert);
  }
}

TEST(BertNames, OthersStay) {
  for (const char* name :
       {"albert.encoder.layer.", "albert.encoder.layer.x.output.dense.weight", "albert.encoder.layer.3",
        "albert.encoder.layer.3.crossattention.self.query.weight", "albert.pooler.weight", ""}) {
    EXPECT_EQ(from_bert_name(name), name);
  }
  for (const char* name : {"albert.encoder.albert_layer_groups.0", "albert.encoder.albert_layer_groups.",
                           "albert.encoder.albert_layer_groups.0.albert_layers.1.ffn.weight",
                           "albert.encoder.albert_layer_groups.0.albert_layers.0.other.weight"}) {
    EXPECT_EQ(to_bert_name(name), name);
  }
}

}  // namespace
}  // namespace albert::checkpoint
