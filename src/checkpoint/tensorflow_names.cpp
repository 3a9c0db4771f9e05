#include "checkpoint/tensorflow_names.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/shown.h"
#include "checkpoint/bert_names.h"

namespace albert::checkpoint {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;

/// What TF-Hub puts before the names of a module.
constexpr std::string_view kHubPrefix = "module/";
constexpr std::string_view kGroups = "bert/encoder/transformer/group_";
constexpr std::string_view kInnerGroup = "/inner_group_";
constexpr std::string_view kLayers = "bert/encoder/layer_";
constexpr std::string_view kSharedLayer = "bert/encoder/layer_shared/";

/// Modules have a kernel and a bias, or gamma and beta. The others are parameters themselves.
constexpr std::array kEmbeddings = {
    Pair{"bert/embeddings/word_embeddings", "embeddings.word_embeddings.weight"},
    Pair{"bert/embeddings/position_embeddings", "embeddings.position_embeddings.weight"},
    Pair{"bert/embeddings/token_type_embeddings", "embeddings.token_type_embeddings.weight"}};
constexpr std::array kEmbeddingModules = {
    Pair{"bert/embeddings/LayerNorm", "embeddings.LayerNorm"},
    Pair{"bert/embeddings/layer_normalization", "embeddings.LayerNorm"},
    Pair{"bert/encoder/embedding_hidden_mapping_in", "encoder.embedding_hidden_mapping_in"}};

/// The heads that fine-tuning adds (run_classifier.py, run_squad.py) have the same names in both models.
constexpr std::array kTaskHeads = {Pair{"output_weights", "classifier.weight"}, Pair{"output_bias", "classifier.bias"},
                                   Pair{"cls/squad/output_weights", "qa_outputs.weight"},
                                   Pair{"cls/squad/output_bias", "qa_outputs.bias"}};

constexpr std::array kAlbertHeads = {Pair{"cls/predictions/output_bias", "predictions.bias"},
                                     Pair{"cls/seq_relationship/output_weights", "sop_classifier.classifier.weight"},
                                     Pair{"cls/seq_relationship/output_bias", "sop_classifier.classifier.bias"}};
constexpr std::array kAlbertModules = {Pair{"bert/pooler/dense", "albert.pooler"},
                                       Pair{"cls/predictions/transform/dense", "predictions.dense"},
                                       Pair{"cls/predictions/transform/LayerNorm", "predictions.LayerNorm"}};
constexpr std::array kBertHeads = {Pair{"cls/predictions/output_bias", "cls.predictions.bias"},
                                   Pair{"cls/seq_relationship/output_weights", "cls.seq_relationship.weight"},
                                   Pair{"cls/seq_relationship/output_bias", "cls.seq_relationship.bias"}};
constexpr std::array kBertModules = {
    Pair{"bert/pooler/dense", "bert.pooler.dense"},
    Pair{"cls/predictions/transform/dense", "cls.predictions.transform.dense"},
    Pair{"cls/predictions/transform/LayerNorm", "cls.predictions.transform.LayerNorm"}};

/// The modules of a layer as Google's ALBERT names them, and as Hugging Face's has them. Those of its BERT are in
/// bert_names.h.
constexpr std::array kAlbertLayer = {Pair{"attention_1/self/query", "attention.query"},
                                     Pair{"attention_1/self/key", "attention.key"},
                                     Pair{"attention_1/self/value", "attention.value"},
                                     Pair{"attention_1/output/dense", "attention.dense"},
                                     Pair{"LayerNorm", "attention.LayerNorm"},
                                     Pair{"ffn_1/intermediate/dense", "ffn"},
                                     Pair{"ffn_1/intermediate/output/dense", "ffn_output"},
                                     Pair{"LayerNorm_1", "full_layer_layer_norm"}};
template <std::size_t kSize>
std::optional<std::string_view> find(const std::array<Pair, kSize>& names, std::string_view name) {
  const auto* const found = std::ranges::find(names, name, &Pair::first);
  return found == names.end() ? std::nullopt : std::optional(found->second);
}

std::string_view without_hub_prefix(std::string_view name) {
  if (name.starts_with(kHubPrefix)) name.remove_prefix(kHubPrefix.size());
  return name;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// The digits at the beginning, written as numbers are: none for "x", "007".
std::string_view take_number(std::string_view& text) {
  const std::string_view digits = text.substr(0, text.find_first_not_of("0123456789"));
  if (digits.empty() || (digits.size() > 1 && digits[0] == '0')) return {};
  text.remove_prefix(digits.size());
  return digits;
}

/// A path of TensorFlow's as PyTorch writes it.
std::string with_dots(std::string_view path) {
  std::string name(path);
  std::ranges::replace(name, '/', '.');
  return name;
}

bool is_numbered_layer(std::string_view name) {
  return take(name, kLayers) && !take_number(name).empty() && name.starts_with('/');
}

/// The module of a name with its layer, in Hugging Face's ALBERT.
std::optional<std::string> albert_layer_module(std::string_view module) {
  if (!take(module, kGroups)) return std::nullopt;
  const std::string_view group = take_number(module);
  if (group.empty() || !take(module, kInnerGroup)) return std::nullopt;
  const std::string_view inner = take_number(module);
  if (inner.empty() || !take(module, "/")) return std::nullopt;
  const auto found = find(kAlbertLayer, module);
  if (!found) return std::nullopt;
  return fmt::format("albert.encoder.albert_layer_groups.{}.albert_layers.{}.{}", group, inner, *found);
}

/// albert_zh has one layer for all, or all of their own, which are as many groups.
std::optional<std::string> albert_zh_layer_module(std::string_view module) {
  std::string_view group = "0";
  if (!take(module, kSharedLayer)) {
    if (!take(module, kLayers)) return std::nullopt;
    group = take_number(module);
    if (group.empty() || !take(module, "/")) return std::nullopt;
  }
  const auto found = albert_layer_module_of(with_dots(module));
  if (!found) return std::nullopt;
  return fmt::format("albert.encoder.albert_layer_groups.{}.albert_layers.0.{}", group, *found);
}

/// Hugging Face's BERT keeps the names of Google's.
std::optional<std::string> bert_layer_module(std::string_view module) {
  if (!is_numbered_layer(module)) return std::nullopt;
  take(module, kLayers);
  const std::string_view layer = take_number(module);
  take(module, "/");
  const std::string path = with_dots(module);
  if (!albert_layer_module_of(path)) return std::nullopt;
  return fmt::format("bert.encoder.layer.{}.{}", layer, path);
}

std::optional<std::string> translate_module(std::string_view module, TensorFlowModel model) {
  const bool is_bert = model == TensorFlowModel::kBert;
  if (const auto found = find(kEmbeddingModules, module))
    return fmt::format("{}.{}", is_bert ? "bert" : "albert", *found);
  if (const auto found = find(is_bert ? kBertModules : kAlbertModules, module)) return std::string(*found);
  switch (model) {
    case TensorFlowModel::kAlbert:
      return albert_layer_module(module);
    case TensorFlowModel::kAlbertZh:
      return albert_zh_layer_module(module);
    case TensorFlowModel::kBert:
      return bert_layer_module(module);
  }
  throw InternalError("unknown model of TensorFlow {}", static_cast<int>(model));
}

std::optional<std::string> translate_parameter(std::string_view name, TensorFlowModel model) {
  const bool is_bert = model == TensorFlowModel::kBert;
  if (const auto found = find(kEmbeddings, name)) return fmt::format("{}.{}", is_bert ? "bert" : "albert", *found);
  if (const auto found = find(kTaskHeads, name)) return std::string(*found);
  if (model == TensorFlowModel::kAlbertZh && name == kProjection) return std::string(name);
  if (const auto found = find(is_bert ? kBertHeads : kAlbertHeads, name)) return std::string(*found);
  return std::nullopt;
}

/// Copies of Google's code in which Keras' layer normalisation stands for that of tf.contrib make one for each layer,
/// whatever the layers share: group_0_5/layer_5/inner_group_0/layer_normalization_11/gamma (huggingface/transformers,
/// issue 10774).
bool is_unshared_normalization(std::string_view name) {
  return name.starts_with(kGroups) && name.find("/layer_normalization") != std::string_view::npos;
}

void check_readable(const std::string& name) {
  if (name.ends_with("/.ATTRIBUTES/VARIABLE_VALUE")) {
    throw ModelError(
        "the variable {} is named after an object of TensorFlow 2, which does not tell the parameter; restore the "
        "model in "
        "TensorFlow and save it by the names of its variables: "
        "tf.compat.v1.train.Saver({{v.name[:-2]: v for v in MODEL.variables}})",
        in_quotes(name));
  }
  if (is_unshared_normalization(without_hub_prefix(name))) {
    throw ModelError(
        "the variable {} is a layer normalisation of one layer alone, while the layers share all else; ALBERT has no "
        "such model. Google's code makes them with TensorFlow 2 or Keras' layers; train it with TensorFlow 1.15",
        in_quotes(name));
  }
}

void check_one_model(const std::string* first, const std::string* second) {
  if (!first || !second) return;
  throw ModelError("expected the variables of one model, found {} and {}, which no model has both", in_quotes(*first),
                   in_quotes(*second));
}

}  // namespace

TensorFlowModel model_of(const std::vector<std::string>& names) {
  // A variable that a model alone has.
  const std::string* albert = nullptr;
  const std::string* projection = nullptr;
  const std::string* shared = nullptr;
  const std::string* numbered = nullptr;
  for (const std::string& stored : names) {
    check_readable(stored);
    const std::string_view name = without_hub_prefix(stored);
    if (name.starts_with(kGroups) || name.starts_with("bert/encoder/embedding_hidden_mapping_in/")) albert = &stored;
    if (name == kProjection) projection = &stored;
    if (name.starts_with(kSharedLayer)) shared = &stored;
    if (is_numbered_layer(name)) numbered = &stored;
  }
  check_one_model(albert, projection);
  check_one_model(albert, shared);
  check_one_model(albert, numbered);
  check_one_model(shared, numbered);
  if (projection || shared) return TensorFlowModel::kAlbertZh;
  return numbered ? TensorFlowModel::kBert : TensorFlowModel::kAlbert;
}

bool is_training_state(std::string_view name) {
  constexpr std::array<std::string_view, 6> kOfParameters = {"adam_m", "adam_v", "lamb_m", "lamb_v", "Adam", "Adam_1"};
  constexpr std::array<std::string_view, 3> kCounts = {"global_step", "beta1_power", "beta2_power"};
  const std::size_t slash = name.rfind('/');
  const std::string_view last = slash == std::string_view::npos ? name : name.substr(slash + 1);
  if (std::ranges::find(kCounts, last) != kCounts.end()) return true;
  if (slash == std::string_view::npos) return false;
  return std::ranges::find(kOfParameters, last) != kOfParameters.end() ||
         last.starts_with("AdamWeightDecayOptimizer") || last.starts_with("LAMBOptimizer");
}

TranslatedName translate(std::string_view name, TensorFlowModel model) {
  constexpr std::array kParts = {Pair{"kernel", "weight"}, Pair{"bias", "bias"}, Pair{"gamma", "weight"},
                                 Pair{"beta", "bias"}};
  const std::string_view variable = without_hub_prefix(name);
  if (auto parameter = translate_parameter(variable, model)) return {std::move(*parameter), false};
  const std::size_t slash = variable.rfind('/');
  const auto part = slash == std::string_view::npos ? std::nullopt : find(kParts, variable.substr(slash + 1));
  const auto module = part ? translate_module(variable.substr(0, slash), model) : std::nullopt;
  if (!module) return {std::string(name), false};
  return {fmt::format("{}.{}", *module, *part), variable.ends_with("/kernel")};
}

}  // namespace albert::checkpoint
