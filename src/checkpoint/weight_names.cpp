#include "checkpoint/weight_names.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "base/error.h"
#include "checkpoint/bert_names.h"

namespace albert::checkpoint {

namespace {

constexpr std::string_view kAlbert = "albert.";
constexpr std::string_view kBert = "bert.";
constexpr std::string_view kWordTable = "embeddings.word_embeddings.weight";

/// What PyTorch's wrappers of modules put into names: DataParallel (and what averages weights), torch.compile, FSDP,
/// activation checkpointing. ALBERT has no such component.
constexpr std::array<std::string_view, 4> kWrappers = {"module", "_orig_mod", "_fsdp_wrapped_module",
                                                       "_checkpoint_wrapped_module"};

std::string without_wrappers(std::string_view name) {
  std::string kept;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find('.'), name.size());
    const std::string_view component = name.substr(0, end);
    name.remove_prefix(std::min(end + 1, name.size()));
    if (std::ranges::find(kWrappers, component) != kWrappers.end()) continue;
    if (!kept.empty()) kept += '.';
    kept += component;
  }
  return kept;
}

/// What stands before the encoder in the name of its word embeddings; nothing for another tensor.
std::optional<std::string> prefix_of_encoder(std::string_view name) {
  if (!name.ends_with(kWordTable)) return std::nullopt;
  name.remove_suffix(kWordTable.size());
  if (!name.empty() && !name.ends_with('.')) return std::nullopt;
  for (const std::string_view encoder : {kAlbert, kBert}) {
    if (name == encoder || name.ends_with(fmt::format(".{}", encoder))) {
      name.remove_suffix(encoder.size());
      break;
    }
  }
  return std::string(name);
}

/// The prefix of the one encoder among the names.
std::string find_prefix(const std::vector<std::string>& names, std::vector<std::string>& mistakes) {
  std::set<std::string> prefixes;
  for (const std::string& name : names) {
    if (auto prefix = prefix_of_encoder(name)) prefixes.insert(std::move(*prefix));
  }
  if (prefixes.empty() || prefixes.contains("")) return "";
  if (prefixes.size() > 1) {
    mistakes.push_back(fmt::format("expected one encoder, found {}, under the prefixes '{}'; write a file of one alone",
                                   prefixes.size(), fmt::join(prefixes, "', '")));
  }
  return *prefixes.begin();
}

bool is_encoder_without_prefix(std::string_view name) {
  return name.starts_with("embeddings.") || name.starts_with("encoder.") || name.starts_with("pooler.");
}

/// As Transformers renames them: the names of TensorFlow's layer normalisation.
void rename_end(std::string& name, std::string_view from, std::string_view to) {
  if (name.ends_with(from)) name.replace(name.size() - from.size(), from.size(), to);
}

bool is_buffer(std::string_view name) {
  return name == "albert.embeddings.position_ids" || name == "albert.embeddings.token_type_ids" ||
         name == "n_averaged";  // of PyTorch's AveragedModel
}

/// The name of the tensor that this one repeats, empty if it is one of its own.
std::string original_of(std::string_view name) {
  if (name == "predictions.decoder.bias") return "predictions.bias";
  if (name == "predictions.decoder.weight") return kWordEmbeddings;
  return "";
}

/// The names that today's models have, in the order of the tensors.
std::vector<std::string> names_of_today(const std::vector<const StoredTensor*>& stored, CanonicalWeights& weights) {
  std::vector<std::string> names;
  for (const StoredTensor* tensor : stored) names.push_back(without_wrappers(tensor->name));
  const std::string prefix = find_prefix(names, weights.mistakes);
  for (std::string& name : names) {
    if (name.starts_with(prefix)) name.erase(0, prefix.size());
    rename_end(name, "LayerNorm.gamma", "LayerNorm.weight");
    rename_end(name, "LayerNorm.beta", "LayerNorm.bias");
    if (name.starts_with(kBert)) name.replace(0, kBert.size(), kAlbert);
  }
  const bool is_complete = std::ranges::any_of(names, [](const auto& name) { return name.starts_with(kAlbert); });
  for (std::string& name : names) {
    if (!is_complete && is_encoder_without_prefix(name)) name.insert(0, kAlbert);
    name = from_bert_name(std::move(name));
  }
  return names;
}

/// What stands before a name in the file.
std::string taken_off(std::string_view stored, std::string_view name) {
  if (name.starts_with(kAlbert) && stored.find(kAlbert) == std::string_view::npos) name.remove_prefix(kAlbert.size());
  return std::string(stored.ends_with(name) ? stored.substr(0, stored.size() - name.size()) : "");
}

bool equal(const StoredTensor& a, const StoredTensor& b) {
  return a.dtype == b.dtype && a.shape == b.shape && std::ranges::equal(a.bytes, b.bytes);
}

void add(const std::string& name, const StoredTensor& tensor, CanonicalWeights& weights) {
  const auto [place, is_new] = weights.tensors.emplace(name, &tensor);
  if (is_new || equal(tensor, *place->second)) return;
  weights.mistakes.push_back(
      fmt::format("{}: is the same parameter as {}, and has other values", tensor.name, place->second->name));
}

/// Drops a copy of a tensor that is there, or lets it take the place of one that is not.
void resolve_copy(const std::string& original, const StoredTensor& copy, CanonicalWeights& weights) {
  const auto [place, is_new] = weights.tensors.emplace(original, &copy);
  if (!is_new && !equal(copy, *place->second)) {
    weights.mistakes.push_back(fmt::format("{}: expected a copy of {}, to which it is tied; found other values",
                                           copy.name, place->second->name));
  }
}

std::map<std::string, std::vector<std::string>> by_part(const std::vector<std::string>& names) {
  std::map<std::string, std::vector<std::string>> parts;
  for (const std::string& name : names) parts[part_of(name)].push_back(name);
  return parts;
}

}  // namespace

CanonicalWeights canonical_weights(const std::vector<const StoredTensor*>& stored) {
  CanonicalWeights weights;
  const std::vector<std::string> names = names_of_today(stored, weights);
  for (std::size_t i = 0; i < stored.size(); ++i) {
    if (names[i].ends_with(kWordTable)) weights.prefix = taken_off(stored[i]->name, names[i]);
    if (!is_buffer(names[i]) && original_of(names[i]).empty()) add(names[i], *stored[i], weights);
  }
  for (std::size_t i = 0; i < stored.size(); ++i) {
    if (const std::string original = original_of(names[i]); !original.empty()) {
      resolve_copy(original, *stored[i], weights);
    }
  }
  return weights;
}

std::string part_of(std::string_view name) {
  const std::size_t from = name.starts_with(kAlbert) ? kAlbert.size() : 0;
  return std::string(name.substr(0, name.find('.', from)));
}

std::string LoadReport::to_string() const {
  std::map<std::string, std::set<std::string>> parts;
  for (const auto* names : {&loaded, &fresh, &ignored}) {
    for (const std::string& name : *names) parts[part_of(name)].insert(name);
  }
  const auto summary = [&](const std::vector<std::string>& names) {
    std::vector<std::string> words;
    for (const auto& [part, members] : by_part(names)) {
      if (members.size() == parts[part].size() && members.size() > 1) {
        words.push_back(fmt::format("{}.* ({})", part, members.size()));
      } else {
        words.insert(words.end(), members.begin(), members.end());
      }
    }
    return fmt::format("{}", fmt::join(words, ", "));
  };
  std::string text = fmt::format("loaded {} of {} parameters from {}: {}", loaded.size(), loaded.size() + fresh.size(),
                                 file.string(), loaded.empty() ? "none" : summary(loaded));
  if (!fresh.empty()) text += fmt::format("\n  NOT loaded, so they keep their initial values: {}", summary(fresh));
  if (!ignored.empty()) text += fmt::format("\n  in the file, but NOT taken: {}", summary(ignored));
  if (!converted.empty()) text += fmt::format("\n  converted to another type: {}", summary(converted));
  for (const std::string& remark : remarks) text += fmt::format("\n  {}", remark);
  if (!prefix.empty()) text += fmt::format("\n  taken off the names in the file: {}", prefix);
  return text;
}

}  // namespace albert::checkpoint
