#include "interop/vocabulary_change.h"

#include <ATen/core/Tensor.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"
#include "checkpoint/model_folder.h"
#include "inference/sentence_settings.h"
#include "model/config_json.h"
#include "support/refusal.h"
#include "support/small_model.h"
#include "support/temporary_folder.h"

namespace albert::interop {
namespace {

using ::testing::HasSubstr;

constexpr const char* kTable = "albert.embeddings.word_embeddings.weight";

/// A model of 100 rows with a vocabulary of 90 pieces: the letters and what is made of them.
class ChangedModel : public ::testing::Test {
 protected:
  ChangedModel() {
    const auto module = testing::make_model();
    fs::create_directory(folder_ / "before");
    std::string pieces = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nab\n##c\n##d\n";
    for (int i = 8; i < 90; ++i) pieces += "[unused" + std::to_string(i) + "]\n";
    write_file_atomically(folder_ / "before/vocab.txt", pieces);
    auto config = nlohmann::ordered_json::parse(model::to_config_json(module->config()));
    config["another_key"] = "kept";
    write_file_atomically(folder_ / "before/config.json", config.dump());
    checkpoint::write_tensors(folder_ / "before/model.safetensors", optim::named_tensors(module->named_parameters()));
    source_ = inference::open_model_folder(folder_ / "before");
  }

  checkpoint::NamedTensors tensors(const std::string& name) const {
    return checkpoint::read_tensors(folder_ / name / "model.safetensors");
  }
  static at::Tensor find(const checkpoint::NamedTensors& tensors, const std::string& name) {
    return std::ranges::find(tensors, name, &checkpoint::NamedTensor::name)->tensor;
  }
  std::int64_t write(const text::VocabularyChange& change) const {
    fs::create_directory(folder_ / "after");
    return write_with_vocabulary(folder_ / "after", source_, change);
  }
  nlohmann::json config_after() const { return nlohmann::json::parse(read_file(folder_ / "after/config.json")); }

  testing::TemporaryFolder folder_;
  inference::ModelFolder source_;
};

TEST_F(ChangedModel, NewRowsAreMeansAndAllElseStays) {
  const std::vector<std::string> words = {"abc", "abccd", "xyz"};
  EXPECT_EQ(write(text::extend_vocabulary(*source_.tokenizer, words)), 100);
  const auto before = tensors("before");
  const auto after = tensors("after");
  ASSERT_EQ(before.size(), after.size());
  for (const char* name : {kTable, "predictions.bias"}) {
    const at::Tensor old = find(before, name);
    const at::Tensor table = find(after, name);
    EXPECT_TRUE(table.narrow(0, 0, 90).equal(old.narrow(0, 0, 90)));
    EXPECT_TRUE(table.narrow(0, 93, 7).equal(old.narrow(0, 93, 7)));
    EXPECT_TRUE(table[90].allclose((old[5] + old[6]) / 2));
    EXPECT_TRUE(table[91].allclose((old[5] + 2 * old[6] + old[7]) / 4));
    EXPECT_TRUE(table[92].allclose(old.narrow(0, 0, 90).mean(0)));
  }
  for (const auto& [name, tensor] : before) {
    const bool is_table = name == kTable || name == "predictions.bias";
    EXPECT_TRUE(is_table || find(after, name).equal(tensor)) << name;
  }
  EXPECT_EQ(config_after().at("another_key"), "kept");
  EXPECT_EQ(config_after().at("vocab_size"), 100);
  EXPECT_EQ(inference::open_model_folder(folder_ / "after").tokenizer->vocabulary_size(), 93);
}

TEST_F(ChangedModel, TheTableGrowsWhenItIsFull) {
  std::vector<std::string> words;
  for (int i = 0; i < 20; ++i) words.push_back("abc" + std::string(1, static_cast<char>('a' + i)));
  EXPECT_EQ(write(text::extend_vocabulary(*source_.tokenizer, words)), 110);
  EXPECT_EQ(find(tensors("after"), kTable).size(0), 110);
  EXPECT_EQ(config_after().at("vocab_size"), 110);
}

TEST_F(ChangedModel, AnotherVocabularyBringsItsOwnIds) {
  fs::create_directory(folder_ / "new");
  write_file_atomically(folder_ / "new/vocab.txt", "##c\n[MASK]\n[SEP]\n[CLS]\n[UNK]\n[PAD]\nabd\n");
  const auto change = text::replace_vocabulary(*source_.tokenizer, text::Tokenizer::open(folder_ / "new"));
  EXPECT_EQ(write(change), 7);
  const at::Tensor old = find(tensors("before"), kTable);
  const at::Tensor table = find(tensors("after"), kTable);
  EXPECT_TRUE(table[0].equal(old[6]));
  EXPECT_TRUE(table[1].equal(old[4]));
  EXPECT_TRUE(table[5].equal(old[0]));
  EXPECT_TRUE(table[6].allclose((old[5] + old[7]) / 2));
  EXPECT_EQ(config_after().at("pad_token_id"), 5);
  EXPECT_EQ(config_after().at("bos_token_id"), 3);
  EXPECT_EQ(config_after().at("eos_token_id"), 2);
}

TEST_F(ChangedModel, WhatSentenceTransformersReadsStaysAsItIs) {
  write_file_atomically(folder_ / "before/modules.json",
                        R"([{"type": "sentence_transformers.models.Transformer", "path": ""},
                            {"type": "sentence_transformers.models.Pooling", "path": "1_Pooling"}])");
  fs::create_directory(folder_ / "before/1_Pooling");
  write_file_atomically(folder_ / "before/1_Pooling/config.json", R"({"pooling_mode_cls_token": true})");
  write_file_atomically(folder_ / "before/sentence_bert_config.json",
                        R"({"max_seq_length": 7, "do_lower_case": true})");
  write_file_atomically(folder_ / "before/config_sentence_transformers.json", R"({"similarity_fn_name": "dot"})");
  write(text::extend_vocabulary(*source_.tokenizer, std::vector<std::string>{"abc"}));
  const auto before = inference::read_sentence_settings(folder_ / "before");
  const auto after = inference::read_sentence_settings(folder_ / "after");
  ASSERT_TRUE(before && after);
  EXPECT_EQ(after->pooling, model::EmbeddingPooling::kFirstToken);
  EXPECT_EQ(after->max_length, 7);
  EXPECT_TRUE(after->lower_cases);
  EXPECT_FALSE(after->normalizes);
  EXPECT_EQ(after->similarity, "dot");
}

TEST_F(ChangedModel, ATableOfAnotherSizeIsRefused) {
  source_.config.vocab_size = 101;
  const auto change = text::extend_vocabulary(*source_.tokenizer, std::vector<std::string>{"abc"});
  EXPECT_THAT(testing::refusal<ModelError>([&] { write(change); }),
              HasSubstr("expected 101 rows (vocab_size), found F32 [100"));
}

TEST_F(ChangedModel, OnlyAResultOfTheKindIsReplaced) {
  const Output output{folder_ / "before", true};
  EXPECT_THAT(testing::refusal<UsageError>([&] { changed_model_output(output, kExtendCommand); }),
              HasSubstr("it holds nothing that `albert tokenizer extend` wrote"));
  write(text::extend_vocabulary(*source_.tokenizer, std::vector<std::string>{"abc"}));
  changed_model_output({folder_ / "after", true}, kReplaceCommand);
  // Also not where something else lies below a folder that the command made.
  fs::create_directory(folder_ / "after/notes");
  write_file_atomically(folder_ / "after/notes/mine.txt", "");
  EXPECT_THAT(testing::refusal<UsageError>([&] {
                changed_model_output({folder_ / "after", true}, kReplaceCommand);
              }),
              HasSubstr("which the command did not write"));
}

}  // namespace
}  // namespace albert::interop
