#include "checkpoint/tensorflow_checkpoint.h"

#include <cstring>
#include <map>
#include <numeric>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "checkpoint/string_table.h"
#include "checkpoint/tensorflow_writer.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"

namespace albert::checkpoint {
namespace {

using albert::testing::TemporaryFolder;
using ::testing::AllOf;
using testing::block_of;
using testing::CheckpointWriter;
using testing::Described;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::header_of;
using ::testing::IsEmpty;
using testing::KeyValues;
using ::testing::Not;
using ::testing::StartsWith;
using testing::table_of;
using testing::TableWriter;
using testing::varint;

const fs::path kFixtures = "tests/fixtures/tensorflow";
constexpr const char* kPrefix = "model.ckpt-best";

std::string error_of(const fs::path& path) {
  return albert::testing::error_of<ModelError>([&] { const TensorFlowCheckpoint checkpoint(path); });
}

std::string table_error(const std::string& table) {
  return albert::testing::refusal<ModelError>([&] { read_string_table(table); });
}

std::vector<std::string> names_of(const TensorFlowCheckpoint& checkpoint) {
  std::vector<std::string> names;
  for (const StoredTensor& tensor : checkpoint.tensors()) names.push_back(tensor.name);
  return names;
}

const StoredTensor& tensor_of(const TensorFlowCheckpoint& checkpoint, const std::string& name) {
  const auto found = std::ranges::find(checkpoint.tensors(), name, &StoredTensor::name);
  if (found == checkpoint.tensors().end()) throw std::out_of_range("no tensor " + name);
  return *found;
}

template <typename Element = float>
std::vector<Element> values_of(const StoredTensor& tensor) {
  std::vector<Element> values(tensor.bytes.size() / sizeof(Element));
  if (!values.empty()) std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

// What scripts/make_tensorflow_fixtures.py fills a variable with.
float formula(std::string_view name, std::size_t element) {
  std::uint32_t seed = 2166136261;
  for (const char byte : name) seed = (seed ^ static_cast<unsigned char>(byte)) * 16777619;
  std::uint32_t x = static_cast<std::uint32_t>(element) ^ seed;
  x = (x ^ (x >> 16)) * 0x7FEB352D;
  x = (x ^ (x >> 15)) * 0x846CA68B;
  x = (x ^ (x >> 16)) >> 8;
  return static_cast<float>(static_cast<double>(x) / (1 << 24) - 0.5 + (name.ends_with("gamma") ? 1 : 0));
}

/// Expects every number of a tensor to be that of the variable.
void expect_formula(const StoredTensor& tensor, std::string_view variable) {
  const std::vector<float> values = values_of(tensor);
  const bool is_kernel = variable.ends_with("/kernel");
  const std::size_t num_rows = is_kernel ? static_cast<std::size_t>(tensor.shape[0]) : 1;
  const std::size_t num_columns = values.size() / num_rows;
  std::size_t num_wrong = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t in_file = is_kernel ? (i % num_columns) * num_rows + i / num_columns : i;
    num_wrong += values[i] == formula(variable, in_file) ? 0 : 1;
  }
  EXPECT_EQ(num_wrong, 0) << tensor.name << " of " << variable;
}

struct Expected {
  std::string variable;
  std::string description;
};

/// By Hugging Face's names.
using ExpectedTensors = std::map<std::string, Expected>;

/// The parts of a model that has them all, as the tensors' names, variables, and shapes.
ExpectedTensors albert_tensors(const std::string& prefix = "") {
  const std::string layer = "albert.encoder.albert_layer_groups.0.albert_layers.0.";
  const std::string group = "bert/encoder/transformer/group_0/inner_group_0/";
  ExpectedTensors tensors = {
      {"albert.embeddings.word_embeddings.weight", {"bert/embeddings/word_embeddings", "F32 [60, 8]"}},
      {"albert.embeddings.position_embeddings.weight", {"bert/embeddings/position_embeddings", "F32 [24, 8]"}},
      {"albert.embeddings.token_type_embeddings.weight", {"bert/embeddings/token_type_embeddings", "F32 [2, 8]"}},
      {"albert.embeddings.LayerNorm.weight", {"bert/embeddings/LayerNorm/gamma", "F32 [8]"}},
      {"albert.embeddings.LayerNorm.bias", {"bert/embeddings/LayerNorm/beta", "F32 [8]"}},
      {"albert.encoder.embedding_hidden_mapping_in.weight",
       {"bert/encoder/embedding_hidden_mapping_in/kernel", "F32 [16, 8]"}},
      {"albert.encoder.embedding_hidden_mapping_in.bias",
       {"bert/encoder/embedding_hidden_mapping_in/bias", "F32 [16]"}},
      {layer + "attention.query.weight", {group + "attention_1/self/query/kernel", "F32 [16, 16]"}},
      {layer + "attention.query.bias", {group + "attention_1/self/query/bias", "F32 [16]"}},
      {layer + "attention.key.weight", {group + "attention_1/self/key/kernel", "F32 [16, 16]"}},
      {layer + "attention.key.bias", {group + "attention_1/self/key/bias", "F32 [16]"}},
      {layer + "attention.value.weight", {group + "attention_1/self/value/kernel", "F32 [16, 16]"}},
      {layer + "attention.value.bias", {group + "attention_1/self/value/bias", "F32 [16]"}},
      {layer + "attention.dense.weight", {group + "attention_1/output/dense/kernel", "F32 [16, 16]"}},
      {layer + "attention.dense.bias", {group + "attention_1/output/dense/bias", "F32 [16]"}},
      {layer + "attention.LayerNorm.weight", {group + "LayerNorm/gamma", "F32 [16]"}},
      {layer + "attention.LayerNorm.bias", {group + "LayerNorm/beta", "F32 [16]"}},
      {layer + "ffn.weight", {group + "ffn_1/intermediate/dense/kernel", "F32 [32, 16]"}},
      {layer + "ffn.bias", {group + "ffn_1/intermediate/dense/bias", "F32 [32]"}},
      {layer + "ffn_output.weight", {group + "ffn_1/intermediate/output/dense/kernel", "F32 [16, 32]"}},
      {layer + "ffn_output.bias", {group + "ffn_1/intermediate/output/dense/bias", "F32 [16]"}},
      {layer + "full_layer_layer_norm.weight", {group + "LayerNorm_1/gamma", "F32 [16]"}},
      {layer + "full_layer_layer_norm.bias", {group + "LayerNorm_1/beta", "F32 [16]"}},
      {"albert.pooler.weight", {"bert/pooler/dense/kernel", "F32 [16, 16]"}},
      {"albert.pooler.bias", {"bert/pooler/dense/bias", "F32 [16]"}},
      {"predictions.dense.weight", {"cls/predictions/transform/dense/kernel", "F32 [8, 16]"}},
      {"predictions.dense.bias", {"cls/predictions/transform/dense/bias", "F32 [8]"}},
      {"predictions.LayerNorm.weight", {"cls/predictions/transform/LayerNorm/gamma", "F32 [8]"}},
      {"predictions.LayerNorm.bias", {"cls/predictions/transform/LayerNorm/beta", "F32 [8]"}},
      {"predictions.bias", {"cls/predictions/output_bias", "F32 [60]"}},
      {"sop_classifier.classifier.weight", {"cls/seq_relationship/output_weights", "F32 [2, 16]"}},
      {"sop_classifier.classifier.bias", {"cls/seq_relationship/output_bias", "F32 [2]"}}};
  for (auto& [name, expected] : tensors) expected.variable = prefix + expected.variable;
  return tensors;
}

void expect_tensors(const TensorFlowCheckpoint& checkpoint, const ExpectedTensors& expected) {
  EXPECT_EQ(checkpoint.tensors().size(), expected.size());
  for (const auto& [name, tensor] : expected) {
    const StoredTensor& stored = tensor_of(checkpoint, name);
    EXPECT_EQ(stored.describe(), tensor.description) << name;
    expect_formula(stored, tensor.variable);
  }
}

TEST(TensorFlowCheckpoint, ReadsGooglesAlbertInTwoFiles) {
  const TensorFlowCheckpoint checkpoint(kFixtures / "albert" / kPrefix);
  expect_tensors(checkpoint, albert_tensors());
  EXPECT_EQ(checkpoint.path(), kFixtures / "albert/model.ckpt-best.index");
  EXPECT_THAT(checkpoint.files(), ElementsAre(kFixtures / "albert/model.ckpt-best.index",
                                              kFixtures / "albert/model.ckpt-best.data-00000-of-00002",
                                              kFixtures / "albert/model.ckpt-best.data-00001-of-00002"));
  ASSERT_EQ(checkpoint.skipped().size(), 2 * 32 + 1);
  EXPECT_EQ(checkpoint.skipped().front().name, "bert/embeddings/LayerNorm/beta/adam_m");
  EXPECT_EQ(checkpoint.skipped().back().name, "global_step");
  EXPECT_EQ(checkpoint.skipped().back().reason, "training state");
  EXPECT_THAT(checkpoint.notes(), IsEmpty());
}

TEST(TensorFlowCheckpoint, TakesOffThePrefixOfTfHub) {
  ExpectedTensors expected = albert_tensors("module/");
  expected.erase("sop_classifier.classifier.weight");
  expected.erase("sop_classifier.classifier.bias");
  expect_tensors(TensorFlowCheckpoint(kFixtures / "albert_hub/model.ckpt-best.index"), expected);
}

TEST(TensorFlowCheckpoint, GivesAnIdentityWhereEmbeddingsAreAsWideAsLayers) {
  const TensorFlowCheckpoint checkpoint(kFixtures / "albert_unfactorised" / kPrefix);
  const std::string mapping = "albert.encoder.embedding_hidden_mapping_in.";
  const std::vector<float> weight = values_of(tensor_of(checkpoint, mapping + "weight"));
  ASSERT_EQ(tensor_of(checkpoint, mapping + "weight").describe(), "F32 [16, 16]");
  for (std::size_t i = 0; i < weight.size(); ++i) EXPECT_EQ(weight[i], i % 17 == 0 ? 1.0F : 0.0F) << i;
  EXPECT_EQ(values_of(tensor_of(checkpoint, mapping + "bias")), std::vector<float>(16, 0.0F));
  ASSERT_EQ(checkpoint.notes().size(), 1);
  EXPECT_THAT(checkpoint.notes()[0], HasSubstr("the identity"));
}

TEST(TensorFlowCheckpoint, MultipliesTheEmbeddingsOfAlbertZh) {
  const TensorFlowCheckpoint checkpoint(kFixtures / "albert_zh" / kPrefix);
  const StoredTensor& words = tensor_of(checkpoint, "albert.embeddings.word_embeddings.weight");
  ASSERT_EQ(words.describe(), "F32 [60, 16]");
  const std::vector<float> values = values_of(words);
  for (std::size_t i = 0; i < values.size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < 8; ++k) {
      sum += double{formula("bert/embeddings/word_embeddings", i / 16 * 8 + k)} *
             double{formula("bert/embeddings/word_embeddings_2", k * 16 + i % 16)};
    }
    EXPECT_NEAR(values[i], sum, 1e-7) << i;
  }
  EXPECT_EQ(tensor_of(checkpoint, "albert.embeddings.position_embeddings.weight").describe(), "F32 [24, 16]");
  EXPECT_EQ(tensor_of(checkpoint, "albert.encoder.embedding_hidden_mapping_in.weight").describe(), "F32 [16, 16]");
  const std::string layer = "albert.encoder.albert_layer_groups.0.albert_layers.0.";
  const std::string shared = "bert/encoder/layer_shared/";
  expect_formula(tensor_of(checkpoint, layer + "attention.value.weight"), shared + "attention/self/value/kernel");
  expect_formula(tensor_of(checkpoint, layer + "attention.dense.weight"), shared + "attention/output/dense/kernel");
  expect_formula(tensor_of(checkpoint, layer + "attention.LayerNorm.weight"),
                 shared + "attention/output/LayerNorm/gamma");
  expect_formula(tensor_of(checkpoint, layer + "ffn.weight"), shared + "intermediate/dense/kernel");
  expect_formula(tensor_of(checkpoint, layer + "ffn_output.bias"), shared + "output/dense/bias");
  expect_formula(tensor_of(checkpoint, layer + "full_layer_layer_norm.bias"), shared + "output/LayerNorm/beta");
  expect_formula(tensor_of(checkpoint, "predictions.dense.weight"), "cls/predictions/transform/dense/kernel");
  EXPECT_EQ(checkpoint.tensors().size(), 32);  // as many as Google's ALBERT has
  EXPECT_THAT(checkpoint.notes(), ElementsAre(HasSubstr("embedding_size 16"), HasSubstr("the identity")));
}

TEST(TensorFlowCheckpoint, ReadsGooglesBert) {
  const TensorFlowCheckpoint checkpoint(kFixtures / "bert" / kPrefix);
  EXPECT_EQ(checkpoint.tensors().size(), 5 + 2 * 16 + 9);
  const std::map<std::string, std::string> some = {
      {"bert.embeddings.word_embeddings.weight", "bert/embeddings/word_embeddings"},
      {"bert.embeddings.LayerNorm.weight", "bert/embeddings/LayerNorm/gamma"},
      {"bert.encoder.layer.1.attention.self.query.weight", "bert/encoder/layer_1/attention/self/query/kernel"},
      {"bert.encoder.layer.0.attention.output.dense.weight", "bert/encoder/layer_0/attention/output/dense/kernel"},
      {"bert.encoder.layer.0.attention.output.LayerNorm.bias", "bert/encoder/layer_0/attention/output/LayerNorm/beta"},
      {"bert.encoder.layer.1.intermediate.dense.bias", "bert/encoder/layer_1/intermediate/dense/bias"},
      {"bert.encoder.layer.1.output.dense.weight", "bert/encoder/layer_1/output/dense/kernel"},
      {"bert.encoder.layer.1.output.LayerNorm.weight", "bert/encoder/layer_1/output/LayerNorm/gamma"},
      {"bert.pooler.dense.weight", "bert/pooler/dense/kernel"},
      {"cls.predictions.transform.dense.weight", "cls/predictions/transform/dense/kernel"},
      {"cls.predictions.transform.LayerNorm.weight", "cls/predictions/transform/LayerNorm/gamma"},
      {"cls.predictions.bias", "cls/predictions/output_bias"},
      {"cls.seq_relationship.weight", "cls/seq_relationship/output_weights"},
      {"cls.seq_relationship.bias", "cls/seq_relationship/output_bias"}};
  for (const auto& [name, variable] : some) expect_formula(tensor_of(checkpoint, name), variable);
  for (const std::string& name : names_of(checkpoint)) EXPECT_THAT(name, Not(HasSubstr("/")));
}

TEST(TensorFlowCheckpoint, ReadsEveryType) {
  const TensorFlowCheckpoint checkpoint(kFixtures / "types" / kPrefix);
  const auto tensor = [&](const std::string& name) { return tensor_of(checkpoint, "types/" + name); };
  EXPECT_THAT(values_of<float>(tensor("float32")), ElementsAre(0, 1, 2, 3, 4, 100));
  EXPECT_THAT(values_of<double>(tensor("float64")), ElementsAre(0, 1, 2, 3, 4, 100));
  EXPECT_THAT(values_of<std::int64_t>(tensor("int64")), ElementsAre(0, 1, 2, 3, 4, 100));
  EXPECT_THAT(values_of<std::int32_t>(tensor("int32")), ElementsAre(0, 1, 2, 3, 4, 100));
  EXPECT_THAT(values_of<std::int8_t>(tensor("int8")), ElementsAre(0, 1, 2, 3, 4, 100));
  EXPECT_THAT(values_of<std::uint8_t>(tensor("uint8")), ElementsAre(0, 1, 2, 3, 4, 100));
  EXPECT_THAT(values_of<std::uint8_t>(tensor("bool")), ElementsAre(0, 1, 1, 1, 1, 1));
  EXPECT_THAT(values_of<std::uint16_t>(tensor("float16")), ElementsAre(0, 0x3C00, 0x4000, 0x4200, 0x4400, 0x5640));
  EXPECT_THAT(values_of<std::uint16_t>(tensor("bfloat16")), ElementsAre(0, 0x3F80, 0x4000, 0x4040, 0x4080, 0x42C8));
  EXPECT_EQ(tensor("bfloat16").describe(), "BF16 [2, 3]");
  EXPECT_EQ(tensor("scalar").describe(), "F32 []");
  EXPECT_THAT(values_of(tensor("scalar")), ElementsAre(0.25F));
  EXPECT_EQ(tensor("empty").describe(), "F32 [0, 3]");
  ASSERT_EQ(checkpoint.skipped().size(), 2);
  EXPECT_EQ(checkpoint.skipped()[0].name + ": " + checkpoint.skipped()[0].reason, "types/int16: type 5");
  EXPECT_EQ(checkpoint.skipped()[1].name + ": " + checkpoint.skipped()[1].reason, "types/texts: DT_STRING");
}

TEST(TensorFlowCheckpoint, RefusesOtherFormatsOfTensorFlowByName) {
  EXPECT_THAT(error_of(kFixtures / "first_format" / kPrefix),
              AllOf(HasSubstr("first format"), HasSubstr("tf.compat.v1.train.Saver writes model.ckpt-best.index")));
  EXPECT_THAT(error_of(kFixtures / "partitioned" / kPrefix),
              AllOf(StartsWith("tests/fixtures/tensorflow/partitioned/model.ckpt-best.index: "),
                    HasSubstr("'bert/embeddings/word_embeddings': it is stored in several parts")));
  EXPECT_THAT(error_of(kFixtures / "objects" / kPrefix), HasSubstr("named after an object of TensorFlow 2"));
  EXPECT_THAT(error_of(kFixtures / "none"), HasSubstr("found no none.index"));
  EXPECT_THROW(TensorFlowCheckpoint(kFixtures / "none.index"), IoError);
  EXPECT_TRUE(is_tensorflow_checkpoint(kFixtures / "first_format" / kPrefix));
  EXPECT_TRUE(is_tensorflow_checkpoint(kFixtures / "albert" / kPrefix));
  EXPECT_FALSE(is_tensorflow_checkpoint(kFixtures / "albert"));
  EXPECT_FALSE(is_tensorflow_checkpoint(kFixtures / "albert/model.ckpt-best.data-00000-of-00002"));
}

/// The checkpoint of a variable or two, and what is said of it.
class BrokenCheckpoint : public ::testing::Test {
 protected:
  std::string error() {
    writer_.write(folder_ / "m");
    return error_of(folder_ / "m");
  }
  std::string refusal() {
    const std::string message = error();
    EXPECT_THAT(message, StartsWith((folder_ / "m.").string()));
    return message;
  }

  TemporaryFolder folder_;
  CheckpointWriter writer_;
};

TEST_F(BrokenCheckpoint, WholeOnesAreRead) {
  std::vector<float> many(std::size_t{35} * 70);
  std::iota(many.begin(), many.end(), 0.0F);
  CheckpointWriter writer(3);
  for (int i = 0; i < 100; ++i)
    writer.add(fmt::format("more/{:03}", i), {2}, {static_cast<float>(i), 1}, std::size_t{1});
  writer.add("bert/pooler/dense/kernel", {35, 70}, many, 2);
  writer.add("bert/pooler/dense/bias", {0}, {}, 0);
  for (const std::size_t per_block : {1, 7, 1000}) {
    writer.per_block = per_block;
    writer.write(folder_ / "m");
    const TensorFlowCheckpoint checkpoint(folder_ / "m");
    EXPECT_EQ(checkpoint.tensors().size(), 102);
    EXPECT_THAT(values_of(tensor_of(checkpoint, "more/042")), ElementsAre(42, 1));
    const StoredTensor& kernel = tensor_of(checkpoint, "albert.pooler.weight");
    ASSERT_EQ(kernel.describe(), "F32 [70, 35]");
    const std::vector<float> values = values_of(kernel);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t place_before = i % 35 * 70 + i / 35;
      EXPECT_EQ(values[i], static_cast<float>(place_before));
    }
  }
}

TEST_F(BrokenCheckpoint, TransposesElementsOfAnySize) {
  for (const auto& [type, element] :
       std::map<std::uint64_t, std::string>{{6, "a"}, {19, "ab"}, {3, "abcd"}, {9, "abcdefgh"}}) {
    CheckpointWriter writer;
    std::string bytes;
    for (char i = 0; i < 6; ++i) bytes += element.substr(1) + i;
    writer.add_bytes({.name = "bert/pooler/dense/kernel", .type = type, .shape = {2, 3}}, bytes);
    writer.write(folder_ / "m");
    const TensorFlowCheckpoint checkpoint(folder_ / "m");
    const StoredTensor& kernel = checkpoint.tensors().at(0);
    EXPECT_EQ(kernel.shape, (std::vector<std::int64_t>{3, 2}));
    std::string order;
    for (std::size_t i = 0; i < 6; ++i)
      order += static_cast<char>('0' + static_cast<int>(kernel.bytes[(i + 1) * element.size() - 1]));
    EXPECT_EQ(order, "031425");
  }
}

TEST_F(BrokenCheckpoint, EmptyTensorsMayHaveAHugeExtent) {
  writer_.add("bert/pooler/dense/kernel", {1LL << 60, 0}, {});
  writer_.write(folder_ / "m");
  const TensorFlowCheckpoint checkpoint(folder_ / "m");
  EXPECT_EQ(checkpoint.tensors().at(0).describe(), "F32 [0, 1152921504606846976]");
}

TEST_F(BrokenCheckpoint, EveryFlippedByteIsNoticed) {
  writer_.add("bert/pooler/dense/bias", {3}, {1, 2, 3});
  writer_.add("bert/pooler/dense/kernel", {1, 3}, {4, 5, 6});
  EXPECT_EQ(error(), "");
  const std::string index = read_file(folder_ / "m.index");
  const std::string data = read_file(folder_ / "m.data-00000-of-00001");
  const std::string whole_footer = index.substr(index.size() - 48);
  const std::size_t padding_begin = index.size() - 48 + whole_footer.substr(0, 40).find_last_not_of('\0') + 1;
  for (std::size_t i = 0; i < index.size(); ++i) {
    if (i >= padding_begin && i < index.size() - 8) continue;  // nothing is said of what pads the end
    std::string broken = index;
    broken[i] = static_cast<char>(broken[i] ^ 0x10);
    testing::overwrite(folder_ / "m.index", broken);
    EXPECT_NE(error_of(folder_ / "m"), "") << "byte " << i << " of the index";
    testing::overwrite(folder_ / "m.index", index.substr(0, i));
    EXPECT_NE(error_of(folder_ / "m"), "") << "the index cut off at " << i;
  }
  testing::overwrite(folder_ / "m.index", index);
  for (std::size_t i = 0; i < data.size(); ++i) {
    std::string broken = data;
    broken[i] = static_cast<char>(broken[i] ^ 0x10);
    testing::overwrite(folder_ / "m.data-00000-of-00001", broken);
    EXPECT_THAT(error_of(folder_ / "m"), AllOf(HasSubstr("m.data-00000-of-00001: tensor 'bert/pooler/dense/"),
                                               HasSubstr("its checksum is wrong")))
        << i;
    testing::overwrite(folder_ / "m.data-00000-of-00001", data.substr(0, i));
    EXPECT_THAT(error_of(folder_ / "m"), HasSubstr(fmt::format("found a file of {} bytes; it is cut off", i)));
  }
  fs::remove(folder_ / "m.data-00000-of-00001");
  EXPECT_THAT(error_of(folder_ / "m"), HasSubstr("the file m.data-00000-of-00001 that holds it is missing"));
}

TEST_F(BrokenCheckpoint, TrainingStateIsNotRead) {
  writer_.add("bert/pooler/dense/bias", {1}, {1});
  for (const char* slot : {"adam_m", "adam_v", "lamb_m", "lamb_v", "Adam", "Adam_1", "AdamWeightDecayOptimizer",
                           "AdamWeightDecayOptimizer_1", "LAMBOptimizer"}) {
    writer_.add(fmt::format("bert/pooler/dense/bias/{}", slot), {1}, {1}).checksum = 7;
  }
  for (const char* name : {"global_step", "beta1_power", "beta2_power", "training/beta1_power"}) {
    writer_.add_bytes({.name = name, .type = 9}, std::string(8, '\1')).checksum = 7;
  }
  writer_.add("bert/pooler/dense/kernel/adam_m", {1}, {1}).is_partitioned = true;
  writer_.add(std::string("\0part", 5), {1}, {1}).checksum = 7;
  writer_.write(folder_ / "m");
  const TensorFlowCheckpoint checkpoint(folder_ / "m");
  EXPECT_THAT(names_of(checkpoint), ElementsAre("albert.pooler.bias"));
  EXPECT_EQ(checkpoint.skipped().size(), 15);
  EXPECT_EQ(checkpoint.skipped()[0].reason, "a part of another variable");
}

TEST_F(BrokenCheckpoint, NamesThatAreUnknownStay) {
  for (const char* name :
       {"bert/pooler/dense", "bert/pooler/dense/moving_mean", "bert/encoder/transformer/group_x/a/bias",
        "bert/encoder/transformer/group_0/inner_group_01/LayerNorm/beta", "module/more/kernel", "Adam", "kernel",
        "end_logits/dense/kernel", "bert/embeddings/word_embeddings_2x"}) {
    writer_.add(name, {1}, {1});
  }
  writer_.add("output_weights", {2, 1}, {1, 2});
  writer_.add("cls/squad/output_bias", {2}, {1, 2});
  writer_.add("bert/embeddings/layer_normalization/gamma", {1}, {1});
  writer_.write(folder_ / "m");
  EXPECT_THAT(
      names_of(TensorFlowCheckpoint(folder_ / "m")),
      ElementsAre("Adam", "albert.embeddings.LayerNorm.weight", "bert/embeddings/word_embeddings_2x",
                  "bert/encoder/transformer/group_0/inner_group_01/LayerNorm/beta",
                  "bert/encoder/transformer/group_x/a/bias", "bert/pooler/dense", "bert/pooler/dense/moving_mean",
                  "qa_outputs.bias", "end_logits/dense/kernel", "kernel", "module/more/kernel", "classifier.weight"));
}

TEST_F(BrokenCheckpoint, GroupsAndUnsharedLayersKeepTheirNumbers) {
  writer_.add("bert/encoder/transformer/group_11/inner_group_2/LayerNorm_1/beta", {1}, {1});
  writer_.write(folder_ / "m");
  EXPECT_THAT(names_of(TensorFlowCheckpoint(folder_ / "m")),
              ElementsAre("albert.encoder.albert_layer_groups.11.albert_layers.2.full_layer_layer_norm.bias"));
  CheckpointWriter zh;  // share_parameter_across_layers=False
  zh.add("bert/embeddings/word_embeddings", {2, 1}, {2, 3});
  zh.add("bert/embeddings/word_embeddings_2", {1, 2}, {5, 7});
  zh.add("bert/encoder/layer_3/output/dense/bias", {1}, {1});
  zh.write(folder_ / "m");
  const TensorFlowCheckpoint checkpoint(folder_ / "m");
  EXPECT_THAT(names_of(checkpoint),
              ElementsAre("albert.embeddings.word_embeddings.weight",
                          "albert.encoder.albert_layer_groups.3.albert_layers.0.ffn_output.bias"));
  EXPECT_THAT(values_of(checkpoint.tensors()[0]), ElementsAre(10, 14, 15, 21));
}

TEST_F(BrokenCheckpoint, ModelsThatContradictThemselvesAreRefused) {
  const auto of = [&](const std::vector<std::string>& names) {
    writer_ = CheckpointWriter();
    for (const std::string& name : names) writer_.add(name, {1, 1}, {1});
    return refusal();
  };
  EXPECT_THAT(of({"bert/encoder/embedding_hidden_mapping_in/bias", "bert/encoder/layer_0/output/dense/bias"}),
              HasSubstr("variables of one model, found 'bert/encoder/embedding_hidden_mapping_in/bias' and "
                        "'bert/encoder/layer_0/output/dense/bias'"));
  EXPECT_THAT(of({"bert/encoder/layer_0/output/dense/bias", "bert/encoder/layer_shared/output/dense/bias"}),
              HasSubstr("variables of one model"));
  EXPECT_THAT(
      of({"bert/embeddings/word_embeddings_2", "bert/encoder/transformer/group_0/inner_group_0/LayerNorm/beta"}),
      HasSubstr("variables of one model"));
  EXPECT_THAT(of({"bert/encoder/transformer/group_0_5/layer_5/inner_group_0/layer_normalization_11/gamma"}),
              HasSubstr("a layer normalisation of one layer alone"));
  EXPECT_THAT(
      of({"bert/pooler/dense/bias", "module/bert/pooler/dense/bias"}),
      HasSubstr("the variables 'bert/pooler/dense/bias' and 'module/bert/pooler/dense/bias' are both the parameter "
                "'albert.pooler.bias'"));
  EXPECT_THAT(of({"bert/embeddings/word_embeddings_2"}), HasSubstr("expected word embeddings beside"));
  writer_ = CheckpointWriter();
  writer_.add("bert/pooler/dense/kernel", {1, 1, 2}, {1, 2});
  EXPECT_THAT(refusal(), HasSubstr("a kernel of two dimensions, found F32 [1, 1, 2]"));
}

TEST_F(BrokenCheckpoint, ProjectionsThatDoNotFitAreRefused) {
  const auto of = [&](const std::vector<std::int64_t>& words, const std::vector<std::int64_t>& projection) {
    writer_ = CheckpointWriter();
    const auto zeros = [](const auto& shape) {
      return std::vector<float>(
          std::size_t(std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>())));
    };
    writer_.add("bert/embeddings/word_embeddings", words, zeros(words));
    writer_.add("bert/embeddings/word_embeddings_2", projection, zeros(projection));
    return error();
  };
  EXPECT_EQ(of({3, 2}, {2, 4}), "");
  EXPECT_THAT(of({0, 2}, {2, 4}), HasSubstr("none is 0"));
  EXPECT_THAT(of({1LL << 60, 0}, {0, 4}), HasSubstr("none is 0"));
  EXPECT_THAT(of({0, 1LL << 60}, {1LL << 60, 0}), HasSubstr("none is 0"));
  EXPECT_THAT(of({3, 2}, {3, 4}), HasSubstr("[V, E]"));
  EXPECT_THAT(of({3, 2}, {2}), HasSubstr("[V, E]"));
  EXPECT_THAT(of({3, 1}, {1, 200}), HasSubstr("H is at most 64 E"));
}

TEST_F(BrokenCheckpoint, EntriesThatCannotBeAreRefused) {
  const auto of = [&](auto change, const char* name = "bert/pooler/dense/bias") {
    writer_ = CheckpointWriter();
    writer_.add("bert/pooler/a", {1}, {1});
    change(writer_.add(name, {2}, {1, 2}));
    return refusal();
  };
  const std::string named = "m.index: tensor 'bert/pooler/dense/bias': ";
  EXPECT_THAT(of([](Described& t) { t.shape = {3}; }),
              HasSubstr(named + "expected 12 bytes for DT_FLOAT [3], found 8"));
  EXPECT_THAT(of([](Described& t) { t.size = 7; }), HasSubstr(named + "expected 8 bytes for DT_FLOAT [2], found 7"));
  EXPECT_THAT(of([](Described& t) { t.type = 2; }), HasSubstr("expected 16 bytes for DT_DOUBLE [2], found 8"));
  EXPECT_THAT(of([](Described& t) { t.shape = {-2}; }), HasSubstr("whole numbers from 0 on, found -2"));
  EXPECT_THAT(of([](Described& t) { t.shape = {1LL << 62, 1LL << 62}; }), HasSubstr("is no size"));
  EXPECT_THAT(of([](Described& t) { t.shape = std::vector<std::int64_t>(33, 1); }),
              HasSubstr("more than 32 dimensions"));
  EXPECT_THAT(of([](Described& t) { t.is_of_unknown_rank = true; }),
              HasSubstr("expected a shape, found an unknown one"));
  EXPECT_THAT(of([](Described& t) { t.shard = 1; }), HasSubstr("a data file of a number below 1, found 1"));
  EXPECT_THAT(of([](Described& t) { t.offset = ~0ULL; }), HasSubstr("expected a place in a file"));
  EXPECT_THAT(of([](Described& t) { t.offset = 5; }), HasSubstr("expected 8 bytes at 5, found a file of 12 bytes"));
  EXPECT_THAT(of([](Described& t) { t.offset = 1ULL << 40; }), HasSubstr("expected 8 bytes at 1099511627776, found"));
  EXPECT_THAT(of([](Described& t) { t.offset = 0; }),
              HasSubstr("the tensors 'bert/pooler/a' and 'bert/pooler/dense/bias' overlap in data file 0"));
  EXPECT_THAT(of([](Described& t) { t.offset = 3; }), HasSubstr("overlap"));
  EXPECT_THAT(of([](Described& t) { t.checksum ^= 1; }), HasSubstr("its checksum is wrong"));
  EXPECT_THAT(of([](Described& t) { t.is_partitioned = true; }), HasSubstr("stored in several parts"));
  EXPECT_THAT(of([](Described& t) { t.type = 0; }), HasSubstr("expected a type, found none"));
}

TEST_F(BrokenCheckpoint, HeadersThatCannotBeAreRefused) {
  writer_.add("bert/pooler/dense/bias", {2}, {1, 2});
  const auto of = [&](const std::string& header) {
    writer_.header = header;
    return refusal();
  };
  EXPECT_THAT(of(header_of(1, 1)), HasSubstr("its header: its numbers are big-endian"));
  EXPECT_THAT(of(header_of(1, 0, 2)),
              HasSubstr("expected a checkpoint of version 1, found one for readers of version 2"));
  EXPECT_THAT(of(header_of(0)), HasSubstr("expected 1 to 100000 files of data, found 0"));
  EXPECT_THAT(of(header_of(1ULL << 63)), HasSubstr("files of data, found 9223372036854775808"));
  EXPECT_THAT(of("\x0a"), HasSubstr("its header: byte 0"));
  testing::overwrite(folder_ / "m.index", table_of({{"a", "b"}}));
  EXPECT_THAT(error_of(folder_ / "m"), HasSubstr("expected a header under the empty name"));
  testing::overwrite(folder_ / "m.index", "");
  EXPECT_THAT(error_of(folder_ / "m"), HasSubstr("found a file of 0 bytes"));
}

TEST(StringTable, GivesTheEntriesInOrder) {
  const KeyValues entries = {{"", "0"}, {"a", ""}, {"ab", "2"}, {"abc", std::string(300, 'x')}, {"b", "4"}};
  for (const std::size_t per_block : {1, 2, 5}) {
    const std::string table = table_of(entries, per_block);
    KeyValues found;
    for (const TableEntry& entry : read_string_table(table)) found.emplace_back(entry.key, entry.value);
    EXPECT_EQ(found, entries);
  }
  EXPECT_THAT(read_string_table(TableWriter().finish()), IsEmpty());
}

TEST(StringTable, HandlesThatLeadAstrayAreRefused) {
  const auto with = [](const auto& change) {
    TableWriter table;
    table.add_listed({{"a", "1"}});
    change(table);
    return table_error(table.finish());
  };
  EXPECT_THAT(with([](auto& table) { table.list("b", varint(0) + varint(14)); }),
              HasSubstr("expected a block between"));
  EXPECT_THAT(with([](auto& table) { table.list("b", varint(1000) + varint(1)); }), HasSubstr("found 1 bytes at 1000"));
  EXPECT_THAT(with([](auto& table) { table.list("b", varint(~0ULL) + varint(~0ULL)); }), HasSubstr("expected a block"));
  EXPECT_THAT(with([](auto& table) { table.list("b", varint(18) + varint(~0ULL - 17)); }),
              HasSubstr("expected a block"));
  EXPECT_THAT(with([](auto& table) { table.list("b", "\x80"); }), HasSubstr("an entry of the list of blocks"));
  EXPECT_THAT(with([](auto& table) { table.list("b", std::string(10, '\xff')); }), HasSubstr("more than 64 bits"));
  TableWriter table;
  table.add_listed({{"a", "1"}});
  const std::string metadata = table.add(block_of({}));
  EXPECT_THAT(table_error(TableWriter(table).finish(metadata, metadata)), HasSubstr("expected the block of metadata"));
  EXPECT_THAT(table_error(TableWriter(table).finish(metadata, varint(1 << 20) + varint(8))),
              HasSubstr("expected the list of blocks between the bytes 0 and"));
  EXPECT_THAT(table_error(TableWriter(table).finish(std::string(10, '\xff'), metadata)),
              HasSubstr("the end of the index"));
}

TEST(StringTable, BlocksThatCannotBeAreRefused) {
  const auto with = [](const std::string& content, char type = 0, const std::string& limit = "z") {
    TableWriter table;
    table.list(limit, table.add(content, type));
    return table_error(table.finish());
  };
  const std::string good = block_of({{"a", "1"}});
  const std::string one_restart("\0\0\0\0\1\0\0\0", 8);
  EXPECT_THAT(with(good, 1), AllOf(HasSubstr("compressed with Snappy"), HasSubstr("save it anew")));
  EXPECT_THAT(with(good, 2), HasSubstr("found type 2"));
  EXPECT_THAT(with("abc"), HasSubstr("expected 4 bytes or more, found 3"));
  EXPECT_THAT(with(std::string(8, '\0')), HasSubstr("expected 1 to 1 places of whole keys, found 0"));
  EXPECT_THAT(with(std::string("\0\0\0\0\2\0\0\0", 8)), HasSubstr("found 2"));
  EXPECT_THAT(with(std::string("\0\0\0\0\xff\xff\xff\xff", 8)), HasSubstr("found 4294967295"));
  EXPECT_THAT(with(std::string("\1\0\0\0\1\0\0\0", 8)), HasSubstr("expected an entry with a whole key at 1"));
  EXPECT_THAT(with(varint(1) + varint(1) + varint(0) + "a" + one_restart),
              HasSubstr("repeats 1 bytes of a key that has 0"));
  EXPECT_THAT(with(varint(0) + varint(9) + varint(0) + "a" + one_restart),
              HasSubstr("expected 9 bytes from byte 3 on"));
  EXPECT_THAT(with(varint(0) + varint(1) + varint(9) + "a" + one_restart),
              HasSubstr("expected 9 bytes from byte 4 on"));
  EXPECT_THAT(with(block_of({{"b", ""}, {"a", ""}})), HasSubstr("expected keys that rise, found 'a' behind 'b'"));
  EXPECT_THAT(with(block_of({{"a", ""}, {"a", ""}})), HasSubstr("expected keys that rise"));
  EXPECT_THAT(with(block_of({{"b", ""}}), 0, "a"), HasSubstr("are not those that the list of blocks says"));
  TableWriter twice;
  twice.list("c", twice.add(block_of({{"a", ""}})));
  twice.list("d", twice.add(block_of({{"b", ""}})));
  EXPECT_THAT(table_error(twice.finish()), HasSubstr("are not those that the list of blocks says"));
}

TEST(StringTable, KeysAreBoundedByTheFile) {
  KeyValues entries;
  for (int i = 0; i < 3000; ++i) entries.emplace_back(std::string(2000, 'a') + fmt::format("{:04}", i), "");
  TableWriter table;
  table.list("b", table.add(block_of(entries, 5000)));
  EXPECT_THAT(table_error(table.finish()), HasSubstr("its keys are more than 32 times as long as the file"));
}

}  // namespace
}  // namespace albert::checkpoint
