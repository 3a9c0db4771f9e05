#include "checkpoint/weight_names.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"

namespace albert::checkpoint {

namespace {

constexpr const char* kWordEmbeddings = "albert.embeddings.word_embeddings.weight";

bool is_encoder_without_prefix(std::string_view name) {
  return name.starts_with("embeddings.") || name.starts_with("encoder.") || name.starts_with("pooler.");
}

bool is_buffer(std::string_view name) {
  return name == "albert.embeddings.position_ids" || name == "albert.embeddings.token_type_ids";
}

/// The name of the tensor that this one repeats, empty if it is one of its own.
std::string original_of(std::string_view name) {
  if (name == "predictions.decoder.bias") return "predictions.bias";
  if (name == "predictions.decoder.weight") return kWordEmbeddings;
  return "";
}

bool equal(const StoredTensor& a, const StoredTensor& b) {
  return a.dtype == b.dtype && a.shape == b.shape && std::ranges::equal(a.bytes, b.bytes);
}

/// Drops a copy of a tensor that is there, or lets it take the place of one that is not.
void resolve_copy(const StoredTensor& copy, CanonicalWeights& weights) {
  const auto [place, is_new] = weights.tensors.emplace(original_of(copy.name), &copy);
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

CanonicalWeights canonical_weights(const SafetensorsFile& file) {
  const auto& stored = file.tensors();
  const bool prefixed =
      std::any_of(stored.begin(), stored.end(), [](const auto& t) { return t.name.starts_with("albert."); });
  CanonicalWeights weights;
  std::vector<const StoredTensor*> copies;
  for (const StoredTensor& tensor : stored) {
    const std::string name =
        !prefixed && is_encoder_without_prefix(tensor.name) ? "albert." + tensor.name : tensor.name;
    if (is_buffer(name)) continue;
    if (!original_of(name).empty()) {
      copies.push_back(&tensor);
    } else {
      weights.tensors.emplace(name, &tensor);
    }
  }
  for (const StoredTensor* copy : copies) resolve_copy(*copy, weights);
  return weights;
}

std::string part_of(std::string_view name) {
  const std::size_t from = name.starts_with("albert.") ? std::string_view("albert.").size() : 0;
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
  return text;
}

}  // namespace albert::checkpoint
