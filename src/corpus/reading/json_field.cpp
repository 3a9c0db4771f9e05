#include "corpus/reading/json_field.h"

#include <cstddef>
#include <vector>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>
#include <spdlog/fmt/ranges.h>

#include "base/shown.h"

namespace albert::corpus {

namespace {

constexpr std::size_t kMaxNames = 5;
constexpr std::size_t kNameCharacters = 30;
constexpr int kMaxDepth = 4;  ///< of objects within objects that are looked into

using Names = std::vector<std::string>;

void add_name(std::string_view name, Names& names) {
  names.push_back(names.size() < kMaxNames ? fmt::format("'{}'", shortened(name, kNameCharacters)) : "...");
}

void add_texts(const nlohmann::json& object, const std::string& prefix, int depth, Names& names) {
  for (const auto& [key, value] : object.items()) {
    if (names.size() > kMaxNames) return;
    if (value.is_string()) add_name(prefix + key, names);
    if (value.is_object() && depth < kMaxDepth) add_texts(value, prefix + key + '.', depth + 1, names);
  }
}

}  // namespace

nlohmann::json* find_json_field(nlohmann::json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  if (const auto field = object.find(name); field != object.end()) return &*field;
  for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1)) {
    const auto outer = object.find(name.substr(0, dot));
    if (outer == object.end()) continue;
    if (nlohmann::json* inner = find_json_field(*outer, name.substr(dot + 1))) return inner;
  }
  return nullptr;
}

std::string json_fields(const nlohmann::json& object) {
  Names names;
  add_texts(object, "", 0, names);
  if (!names.empty()) return fmt::format("{}", fmt::join(names, ", "));
  for (const auto& [key, value] : object.items()) {
    if (names.size() <= kMaxNames) add_name(key, names);
  }
  return names.empty() ? "none" : fmt::format("{}, none with text", fmt::join(names, ", "));
}

}  // namespace albert::corpus
