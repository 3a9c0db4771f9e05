#include "model/config_json.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "config/fields.h"

namespace albert::model {

namespace {

using nlohmann::json;

/// Reads fields from a JSON object; absent and null values leave the default.
class JsonReader : public config::Fields {
 public:
  explicit JsonReader(const json& object) : object_(object) {}

  using Fields::operator();
  void operator()(std::string_view name, std::int64_t& value, std::string_view, config::Bounds bounds) override {
    read_number(name, value, "a whole number", &json::is_number_integer, bounds);
  }
  void operator()(std::string_view name, double& value, std::string_view, config::Bounds bounds) override {
    read_number(name, value, "a number", &json::is_number, bounds);
  }
  void operator()(std::string_view name, bool& value, std::string_view) override {
    if (const json* found = find(name, "true or false", &json::is_boolean)) value = found->get<bool>();
  }
  void operator()(std::string_view name, std::string& value, std::string_view) override {
    if (const json* found = find(name, "a text", &json::is_string)) value = found->get<std::string>();
  }
  void operator()(std::string_view name, std::filesystem::path&, std::string_view) override { unsupported(name); }
  void operator()(std::string_view name, std::vector<std::string>&, std::string_view) override { unsupported(name); }

  const std::vector<std::string>& mistakes() const { return mistakes_; }

 protected:
  std::size_t one_of(std::string_view name, std::size_t chosen, std::string_view,
                     const std::vector<std::string_view>& allowed) override {
    const json* found = find(name, "a text", &json::is_string);
    if (!found) return chosen;
    // The same function under another of Transformers' names.
    const std::string text = *found == "gelu_pytorch_tanh" ? "gelu_new" : found->get<std::string>();
    const auto place = std::find(allowed.begin(), allowed.end(), text);
    if (place != allowed.end()) return static_cast<std::size_t>(place - allowed.begin());
    fail(name, fmt::format("one of {}", fmt::join(allowed, ", ")), *found);
    return chosen;
  }
  void enter(std::string_view name, std::string_view) override { unsupported(name); }
  void leave() override {}

 private:
  const json* find(std::string_view name, std::string_view expected, bool (json::*is_right)() const noexcept) {
    const auto found = object_.find(std::string(name));
    if (found == object_.end() || found->is_null()) return nullptr;
    if (((*found).*is_right)()) return &*found;
    fail(name, expected, *found);
    return nullptr;
  }

  template <typename Number>
  void read_number(std::string_view name, Number& value, std::string_view expected,
                   bool (json::*is_right)() const noexcept, const config::Bounds& bounds) {
    const json* found = find(name, expected, is_right);
    if (!found) return;
    if (!bounds.contain(found->get<double>()))
      return fail(name, fmt::format("{} {}", expected, bounds.to_string()), *found);
    value = found->get<Number>();
  }

  void fail(std::string_view name, std::string_view expected, const json& found) {
    mistakes_.push_back(fmt::format("{}: expected {}, found {}", name, expected, found.dump()));
  }
  [[noreturn]] static void unsupported(std::string_view name) {
    throw InternalError("config.json has no form for the field {}", name);
  }

  const json& object_;
  std::vector<std::string> mistakes_;
};

/// Writes fields into a JSON object.
class JsonWriter : public config::Fields {
 public:
  explicit JsonWriter(json& object) : object_(object) {}

  using Fields::operator();
  void operator()(std::string_view name, std::int64_t& value, std::string_view, config::Bounds) override {
    put(name, value);
  }
  void operator()(std::string_view name, double& value, std::string_view, config::Bounds) override { put(name, value); }
  void operator()(std::string_view name, bool& value, std::string_view) override { put(name, value); }
  void operator()(std::string_view name, std::string& value, std::string_view) override { put(name, value); }
  void operator()(std::string_view name, std::filesystem::path& value, std::string_view) override {
    put(name, value.string());
  }
  void operator()(std::string_view name, std::vector<std::string>& value, std::string_view) override {
    put(name, value);
  }

 protected:
  std::size_t one_of(std::string_view name, std::size_t chosen, std::string_view,
                     const std::vector<std::string_view>& allowed) override {
    put(name, std::string(allowed[chosen]));
    return chosen;
  }
  void enter(std::string_view name, std::string_view) override {
    throw InternalError("config.json has no form for the group {}", name);
  }
  void leave() override {}

 private:
  template <typename Value>
  void put(std::string_view name, const Value& value) {
    object_[std::string(name)] = value;
  }

  json& object_;
};

json parse_object(std::string_view text, std::string_view source) {
  try {
    json object = json::parse(text);
    if (object.is_object()) return object;
  } catch (const json::parse_error& error) {
    throw ModelError("{}: not JSON at byte {}: {}", source, error.byte, error.what());
  }
  throw ModelError("{}: expected a JSON object", source);
}

/// Settings of other implementations under which the model would compute something else.
void find_unsupported(const json& object, std::vector<std::string>& mistakes) {
  const std::pair<const char*, json> only_values[] = {{"model_type", "albert"},
                                                      {"position_embedding_type", "absolute"},
                                                      {"tie_word_embeddings", true},
                                                      {"net_structure_type", 0},
                                                      {"gap_size", 0},
                                                      {"num_memory_blocks", 0},
                                                      {"down_scale_factor", 1}};
  for (const auto& [name, value] : only_values) {
    const auto found = object.find(name);
    if (found == object.end() || found->is_null() || *found == value) continue;
    mistakes.push_back(fmt::format("{}: only {} is supported, found {}", name, value.dump(), found->dump()));
  }
}

}  // namespace

std::string to_config_json(const AlbertConfig& config, std::string_view extra) {
  json object = {{"model_type", "albert"}, {"tie_word_embeddings", true}, {"albert_cpp", json::object()}};
  AlbertConfig copy = config;
  JsonWriter top(object);
  copy.hugging_face_fields(top);
  JsonWriter own(object["albert_cpp"]);
  copy.own_fields(own);
  object.merge_patch(parse_object(extra, "additions to config.json"));
  return object.dump(2) + "\n";
}

AlbertConfig parse_config_json(std::string_view text, std::string_view source) {
  const json object = parse_object(text, source);
  AlbertConfig config;
  config.vocab_size = 30000;  // Hugging Face's default
  JsonReader top(object);
  config.hugging_face_fields(top);
  std::vector<std::string> mistakes = top.mistakes();
  find_unsupported(object, mistakes);
  if (const auto own = object.find("albert_cpp"); own != object.end()) {
    if (own->is_object()) {
      JsonReader reader(*own);
      config.own_fields(reader);
      for (const std::string& mistake : reader.mistakes()) mistakes.push_back("albert_cpp." + mistake);
    } else {
      mistakes.push_back("albert_cpp: expected an object, found " + own->dump());
    }
  }
  if (mistakes.empty()) {
    config::Checks checks([&](std::string_view) { return std::string(source); });
    config.check(checks, "");
    if (!checks.messages().empty()) throw ModelError("{}", fmt::join(checks.messages(), "\n"));
    return config;
  }
  throw ModelError("{}: {} in the model's configuration:\n  {}", source,
                   mistakes.size() == 1 ? "a mistake" : "mistakes", fmt::join(mistakes, "\n  "));
}

}  // namespace albert::model
