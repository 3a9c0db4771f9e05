#include "checkpoint/model_folder.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "base/file.h"
#include "checkpoint/fakes.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"

namespace albert::checkpoint {
namespace {

using albert::testing::error_of;
using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::expect_equal;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::make_parameters;
using ::testing::SizeIs;

class Weights : public ::testing::Test {
 protected:
  LoadReport load(Match match) { return load_parameters(folder_.path(), model_, match); }
  std::string refusal(Match match) {
    return error_of<ModelError>([&] { load(match); });
  }
  void write(const NamedTensors& tensors) { write_tensors(folder_ / kModelFile, tensors); }
  void remove(std::string_view prefix) {
    std::erase_if(stored_, [&](const NamedTensor& t) { return t.name.starts_with(prefix); });
  }
  at::Tensor stored(std::string_view name) {
    return std::find_if(stored_.begin(), stored_.end(), [&](const NamedTensor& t) { return t.name == name; })->tensor;
  }

  albert::testing::TemporaryFolder folder_;
  NamedTensors stored_ = make_parameters(0.5);
  NamedTensors model_ = make_parameters(100);
};

TEST_F(Weights, ComeBackExactly) {
  const testing::FakeTokenizer tokenizer;
  save_model(folder_ / "m", {.parameters = stored_, .config_json = "{}", .tokenizer = &tokenizer, .max_length = 77});
  const LoadReport report = load_parameters(folder_ / "m", model_, Match::kExact);
  expect_equal(model_, stored_);
  EXPECT_THAT(report.loaded, SizeIs(10));
  EXPECT_THAT(report.fresh, IsEmpty());
  EXPECT_EQ(read_file(folder_ / "m/config.json"), "{}");
  EXPECT_EQ(read_file(folder_ / "m/spiece.model"), "pieces up to 77");
}

TEST_F(Weights, EveryMistakeIsNamedAtOnceAndNothingIsChanged) {
  remove("predictions.dense.weight");
  stored_[0].tensor = at::zeros({6, 2});
  stored_.push_back({"albert.encoder.extra.weight", at::zeros({1})});
  write(stored_);
  for (const Match match : {Match::kExact, Match::kComplete}) {
    EXPECT_THAT(
        refusal(match),
        AllOf(HasSubstr("(3 mistakes)"),
              HasSubstr("albert.embeddings.word_embeddings.weight: expected [5, 2], found F32 [6, 2]"),
              HasSubstr("predictions.dense.weight: missing; expected [2, 3]"),
              HasSubstr("albert.encoder.extra.weight: unexpected; the model has no such parameter; found F32 [1]")));
  }
  expect_equal(model_, make_parameters(100));
}

TEST_F(Weights, TheEncoderMayBeSavedAlone) {
  NamedTensors bare;
  for (const auto& [name, tensor] : stored_) {
    if (name.starts_with("albert.")) bare.push_back({name.substr(7), tensor});
  }
  write(bare);
  EXPECT_THAT(refusal(Match::kComplete), HasSubstr("predictions.bias: missing"));
  const LoadReport report = load(Match::kEncoder);
  EXPECT_TRUE(at::equal(model_[0].tensor, stored_[0].tensor));
  EXPECT_TRUE(at::equal(model_[6].tensor, make_parameters(100)[6].tensor));
  EXPECT_THAT(report.fresh, ElementsAre("predictions.bias", "predictions.dense.weight",
                                        "sop_classifier.classifier.weight", "sop_classifier.classifier.bias"));
}

TEST_F(Weights, AMissingOrderHeadIsNewAndAForeignHeadIsIgnored) {
  remove("sop_classifier.");
  write(stored_);
  EXPECT_THAT(refusal(Match::kExact), HasSubstr("sop_classifier.classifier.weight: missing"));
  EXPECT_THAT(load(Match::kComplete).fresh,
              ElementsAre("sop_classifier.classifier.weight", "sop_classifier.classifier.bias"));

  stored_.push_back({"classifier.weight", at::zeros({2, 3})});
  write(stored_);
  EXPECT_THAT(refusal(Match::kComplete), HasSubstr("classifier.weight: unexpected"));
  EXPECT_THAT(load(Match::kEncoder).ignored, ElementsAre("classifier.weight"));
}

TEST_F(Weights, AFineTuningTakesTheEncoderAndThePoolerButNoHead) {
  write(stored_);
  const LoadReport report = load(Match::kFineTuning);
  EXPECT_THAT(report.loaded, SizeIs(6));
  EXPECT_THAT(report.fresh, ElementsAre("predictions.bias", "predictions.dense.weight",
                                        "sop_classifier.classifier.weight", "sop_classifier.classifier.bias"));
  EXPECT_THAT(report.ignored, SizeIs(4));
  EXPECT_TRUE(at::equal(model_[4].tensor, stored("albert.pooler.weight")));
  EXPECT_TRUE(at::equal(model_[7].tensor, make_parameters(100)[7].tensor));

  // A head of another task has other classes under the same names.
  remove("predictions.");
  remove("albert.pooler.");
  stored_.push_back({"predictions.dense.weight", at::zeros({7, 3})});
  write(stored_);
  EXPECT_THAT(load(Match::kFineTuning).fresh, SizeIs(6));
  remove("albert.encoder.");
  write(stored_);
  EXPECT_THAT(refusal(Match::kFineTuning), HasSubstr("albert.encoder.embedding_hidden_mapping_in.weight: missing"));
}

TEST_F(Weights, AFolderWithoutAnEncoderIsRefused) {
  remove("albert.");
  write(stored_);
  for (const Match match : {Match::kExact, Match::kComplete, Match::kEncoder, Match::kTask, Match::kFineTuning}) {
    EXPECT_THAT(refusal(match), HasSubstr("found only others, such as predictions.bias"));
  }
  write({});
  EXPECT_THAT(refusal(Match::kFineTuning), HasSubstr("found no tensor at all"));
}

TEST_F(Weights, AFineTunedModelIsComplete) {
  write(stored_);
  load(Match::kTask);
  expect_equal(model_, stored_);
  for (const char* part : {"albert.pooler.", "sop_classifier.", "predictions.bias"}) {
    stored_ = make_parameters(0.5);
    remove(part);
    write(stored_);
    EXPECT_THAT(refusal(Match::kTask), HasSubstr(std::string(part))) << part;
  }
  // Only a pooler that nobody reads may be too much.
  stored_ = make_parameters(0.5);
  std::erase_if(model_, [](const NamedTensor& t) { return t.name.starts_with("albert.pooler."); });
  write(stored_);
  EXPECT_THAT(load(Match::kTask).ignored, ElementsAre("albert.pooler.bias", "albert.pooler.weight"));
  model_.pop_back();
  EXPECT_THAT(refusal(Match::kTask), HasSubstr("sop_classifier.classifier.bias: unexpected"));
}

TEST_F(Weights, CopiesOfTiedWeightsAndBuffersAreNoMistake) {
  stored_.push_back({"predictions.decoder.bias", stored("predictions.bias")});
  stored_.push_back({"predictions.decoder.weight", stored("albert.embeddings.word_embeddings.weight")});
  stored_.push_back({"albert.embeddings.position_ids", at::arange(4).reshape({1, 4})});
  write(stored_);
  EXPECT_THAT(load(Match::kExact).loaded, SizeIs(10));
}

TEST_F(Weights, TheBiasOfTheDecoderServesForItsOlderName) {
  const at::Tensor bias = stored("predictions.bias");
  remove("predictions.bias");
  stored_.push_back({"predictions.decoder.bias", bias});
  write(stored_);
  load(Match::kExact);
  EXPECT_TRUE(at::equal(model_[6].tensor, bias));
}

TEST_F(Weights, AnUntiedDecoderIsRefused) {
  stored_.push_back({"predictions.decoder.weight", at::zeros({5, 2})});
  write(stored_);
  EXPECT_THAT(refusal(Match::kEncoder),
              HasSubstr("predictions.decoder.weight: expected a copy of albert.embeddings.word_embeddings.weight"));
}

TEST_F(Weights, HalfPrecisionIsConverted) {
  for (const at::ScalarType type : {at::kHalf, at::kBFloat16}) {
    NamedTensors half;
    for (const auto& [name, tensor] : stored_) half.push_back({name, tensor.to(type)});
    write(half);
    const LoadReport report = load(Match::kExact);
    EXPECT_THAT(report.converted, SizeIs(10));
    EXPECT_TRUE(at::equal(model_[0].tensor, stored_[0].tensor.to(type).to(at::kFloat)));
    EXPECT_FALSE(at::equal(model_[0].tensor, stored_[0].tensor));
  }
}

TEST_F(Weights, WhatWrappersPutIntoTheNamesIsTakenOff) {
  const NamedTensors plain = stored_;
  for (const std::string prefix : {"module.", "_orig_mod.", "model.", "net.module._orig_mod.", "lightning.bert."}) {
    stored_ = plain;
    for (NamedTensor& tensor : stored_) tensor.name.insert(0, prefix);
    stored_.push_back({prefix + "albert.embeddings.position_ids", at::arange(4)});
    write(stored_);
    model_ = make_parameters(100);
    EXPECT_EQ(load(Match::kExact).prefix, prefix);
    expect_equal(model_, plain);
    EXPECT_TRUE(has_part(StoredWeights(folder_.path()), "predictions")) << prefix;
  }
  // Inside of names, and of an encoder that was a member beside its head.
  stored_ = plain;
  for (NamedTensor& tensor : stored_) {
    if (tensor.name.starts_with("albert.")) tensor.name.replace(0, 7, "text_model._checkpoint_wrapped_module.");
  }
  stored_[1].name = "text_model._orig_mod." + plain[1].name.substr(7);
  write(stored_);
  model_ = make_parameters(100);
  load(Match::kExact);
  expect_equal(model_, plain);
}

TEST_F(Weights, OfTwoModelsInAFileNoneIsTaken) {
  NamedTensors two;
  for (const std::string prefix : {"query.", "passage."}) {
    for (const auto& [name, tensor] : stored_) two.push_back({prefix + name, tensor});
  }
  write(two);
  EXPECT_THAT(refusal(Match::kEncoder),
              HasSubstr("expected one encoder, found 2, under the prefixes 'passage.', 'que"));
  stored_.push_back({"module." + stored_[0].name, at::zeros({5, 2})});
  write(stored_);
  EXPECT_THAT(refusal(Match::kExact), HasSubstr("is the same parameter as"));
}

TEST_F(Weights, MayLieInSeveralFiles) {
  const auto write_index = [&](const std::string& second) {
    std::string map;
    for (std::size_t i = 0; i < stored_.size(); ++i) {
      map += fmt::format(R"({}"{}": "{}")", i > 0 ? ", " : "", stored_[i].name, i < 4 ? "one.safetensors" : second);
    }
    write_file_atomically(folder_ / kModelIndexFile, R"({"metadata": {}, "weight_map": {)" + map + "}}");
  };
  write_tensors(folder_ / "one.safetensors", {stored_.begin(), stored_.begin() + 4});
  write_tensors(folder_ / "two.safetensors", {stored_.begin() + 4, stored_.end()});
  write_index("two.safetensors");
  EXPECT_THAT(load(Match::kExact).loaded, SizeIs(10));
  expect_equal(model_, stored_);
  const std::string checksum = StoredWeights(folder_.path()).checksum();

  stored_.back().tensor = stored_.back().tensor + 1;
  write_tensors(folder_ / "two.safetensors", {stored_.begin() + 4, stored_.end()});
  EXPECT_NE(StoredWeights(folder_.path()).checksum(), checksum);
  write_tensors(folder_ / "two.safetensors", {stored_.begin() + 4, stored_.end() - 1});
  EXPECT_THAT(refusal(Match::kExact),
              AllOf(HasSubstr("two.safetensors: expected the tensor"), HasSubstr("found none")));
  write_tensors(folder_ / "two.safetensors", {stored_.begin() + 3, stored_.end()});
  EXPECT_THAT(refusal(Match::kExact), HasSubstr("index.json: expected all tensors of two.safetensors"));
  write_index("three.safetensors");
  EXPECT_THAT(refusal(Match::kExact), HasSubstr("the file 'three.safetensors' that it names is missing"));
  for (const char* name : {"../two.safetensors", "", "..", "/etc/passwd"}) {
    write_index(name);
    EXPECT_THAT(refusal(Match::kExact), HasSubstr("expected the names of files beside it")) << name;
  }
  write_file_atomically(folder_ / kModelIndexFile, R"({"weight_map": {"a": 1}})");
  EXPECT_THAT(refusal(Match::kExact), HasSubstr("expected an object with the file of each tensor"));
}

TEST_F(Weights, NamesOfTensorFlowsLayerNormalisationAreKnown) {
  const at::Tensor gamma = stored("albert.embeddings.LayerNorm.weight");
  for (NamedTensor& tensor : stored_) {
    if (tensor.name == "albert.embeddings.LayerNorm.weight") tensor.name = "albert.embeddings.LayerNorm.gamma";
  }
  write(stored_);
  load(Match::kExact);
  EXPECT_TRUE(at::equal(model_[1].tensor, gamma));
}

TEST_F(Weights, AFolderWithoutThemSaysWhatItHasInstead) {
  EXPECT_THAT(refusal(Match::kExact), HasSubstr("expected model.safetensors, found none"));
  write_file_atomically(folder_ / "tf_model.h5", "x");
  EXPECT_THAT(refusal(Match::kExact), HasSubstr("found only tf_model.h5"));
}

TEST(LoadReport, NamesWholePartsOnceAndSingleTensorsEach) {
  const LoadReport report{
      .file = "m/model.safetensors",
      .loaded = {"albert.embeddings.a", "albert.embeddings.b", "predictions.dense.weight"},
      .fresh = {"predictions.bias", "sop_classifier.classifier.weight", "sop_classifier.classifier.bias"},
      .ignored = {"classifier.weight"}};
  EXPECT_EQ(report.to_string(),
            "loaded 3 of 6 parameters from m/model.safetensors: albert.embeddings.* (2), predictions.dense.weight\n"
            "  NOT loaded, so they keep their initial values: predictions.bias, sop_classifier.* (2)\n"
            "  in the file, but NOT taken: classifier.weight");
}

TEST(LoadReport, AHeadThatIsNotTakenIsNamedOnBothSides) {
  const LoadReport report{.file = "m",
                          .loaded = {"albert.embeddings.a"},
                          .fresh = {"classifier.weight", "classifier.bias"},
                          .ignored = {"classifier.weight", "classifier.bias"}};
  EXPECT_EQ(report.to_string(),
            "loaded 1 of 3 parameters from m: albert.embeddings.a\n"
            "  NOT loaded, so they keep their initial values: classifier.* (2)\n"
            "  in the file, but NOT taken: classifier.* (2)");
}

}  // namespace
}  // namespace albert::checkpoint
