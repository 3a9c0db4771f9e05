#include "checkpoint/bert_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

namespace albert::checkpoint {

namespace {

using Pair = std::pair<std::string_view, std::string_view>;  // BERT's, ALBERT's

/// Modules of a layer.
constexpr std::array<Pair, 8> kOfLayer = {{{"attention.self.query", "attention.query"},
                                           {"attention.self.key", "attention.key"},
                                           {"attention.self.value", "attention.value"},
                                           {"attention.output.dense", "attention.dense"},
                                           {"attention.output.LayerNorm", "attention.LayerNorm"},
                                           {"intermediate.dense", "ffn"},
                                           {"output.dense", "ffn_output"},
                                           {"output.LayerNorm", "full_layer_layer_norm"}}};

/// Beginnings of names, the longer ones first.
constexpr std::array<Pair, 5> kBeginnings = {{{"albert.pooler.dense.", "albert.pooler."},
                                              {"cls.predictions.transform.dense.", "predictions.dense."},
                                              {"cls.predictions.transform.LayerNorm.", "predictions.LayerNorm."},
                                              {"cls.predictions.", "predictions."},
                                              {"cls.seq_relationship.", "sop_classifier.classifier."}}};

constexpr std::string_view kBertLayer = "albert.encoder.layer.";
constexpr std::string_view kAlbertGroup = "albert.encoder.albert_layer_groups.";
constexpr std::string_view kAlbertLayer = ".albert_layers.0.";

/// The number that a text begins with, as it is written.
std::string_view leading_digits(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && std::isdigit(static_cast<unsigned char>(text[length])) != 0) ++length;
  return text.substr(0, length);
}

/// A name that begins with one of a pair, with the other in its place.
template <typename From, typename To>
bool replace_beginning(std::string& name, const auto& pairs, From from, To to, std::string_view end = "") {
  for (const Pair& pair : pairs) {
    const std::string before = std::string(from(pair)) + std::string(end);
    if (!name.starts_with(before)) continue;
    name.replace(0, before.size(), std::string(to(pair)) + std::string(end));
    return true;
  }
  return false;
}

constexpr auto kBerts = [](const Pair& pair) { return pair.first; };
constexpr auto kAlberts = [](const Pair& pair) { return pair.second; };

}  // namespace

std::string from_bert_name(std::string name) {
  if (!name.starts_with(kBertLayer)) {
    replace_beginning(name, kBeginnings, kBerts, kAlberts);
    return name;
  }
  const std::string number(leading_digits(std::string_view(name).substr(kBertLayer.size())));
  const std::size_t begin = kBertLayer.size() + number.size() + 1;
  std::string rest = name.substr(std::min(begin, name.size()));
  if (number.empty() || !replace_beginning(rest, kOfLayer, kBerts, kAlberts, ".")) return name;
  return std::string(kAlbertGroup) + number + std::string(kAlbertLayer) + rest;
}

std::string to_bert_name(std::string name) {
  if (name.starts_with(kAlbertGroup)) {
    const std::string number(leading_digits(std::string_view(name).substr(kAlbertGroup.size())));
    std::string rest = name.substr(kAlbertGroup.size() + number.size());
    if (number.empty() || !rest.starts_with(kAlbertLayer)) return name;
    rest.erase(0, kAlbertLayer.size());
    if (!replace_beginning(rest, kOfLayer, kAlberts, kBerts, ".")) return name;
    name = std::string(kBertLayer) + number + "." + rest;
  } else {
    replace_beginning(name, kBeginnings, kAlberts, kBerts);
  }
  constexpr std::string_view kAlbert = "albert.";
  if (name.starts_with(kAlbert)) name.replace(0, kAlbert.size(), "bert.");
  return name;
}

std::optional<std::string_view> albert_layer_module_of(std::string_view module) {
  const auto* const found = std::ranges::find(kOfLayer, module, &Pair::first);
  return found == kOfLayer.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace albert::checkpoint
