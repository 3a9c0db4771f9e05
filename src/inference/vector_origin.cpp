#include "inference/vector_origin.h"

#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "config/json_fields.h"

namespace albert::inference {

namespace {

nlohmann::json to_object(VectorOrigin origin) {
  nlohmann::json object = nlohmann::json::object();
  config::JsonWriter writer(object);
  origin.fields(writer);
  return object;
}

nlohmann::json parse(const fs::path& path) {
  try {
    return read_json(read_file(path, kMaxConfigBytes));
  } catch (const nlohmann::json::exception& error) {
    throw DataError("{}: not JSON: {}; make the index anew with `albert embed`", path.string(), json_problem(error));
  }
}

}  // namespace

void VectorOrigin::fields(config::Fields& f) {
  f("model", model, "folder of the model");
  f("weights", weights, "checksum of the files of weights");
  f("shape", shape, "checksum of the model's configuration");
  f("tokenizer", tokenizer, "fingerprint of the tokenizer");
  f.choice("pooling", pooling, "how a sequence became a vector",
           {{"mean", model::EmbeddingPooling::kMean},
            {"first", model::EmbeddingPooling::kFirstToken},
            {"none", model::EmbeddingPooling::kNone}});
  f("layers", layers, "whose hidden states they are of; empty: the last one's");
  f("normalized", normalized, "whether the vectors have the length 1");
  f("max_length", max_length, "tokens of a text");
}

fs::path origin_path(const fs::path& index) {
  fs::path path = index;
  return path += ".model.json";
}

void write_origin(const VectorOrigin& origin, const fs::path& index) {
  write_file_atomically(origin_path(index), dump_json(to_object(origin), 2) + "\n");
}

std::optional<VectorOrigin> read_origin(const fs::path& index) {
  const fs::path path = origin_path(index);
  if (!fs::exists(path)) return std::nullopt;
  const nlohmann::json object = parse(path);
  VectorOrigin origin;
  config::JsonReader reader(object);
  origin.fields(reader);
  if (!object.is_object() || !reader.mistakes().empty()) {
    throw DataError("{}: {}; make the index anew with `albert embed`", path.string(),
                    object.is_object() ? fmt::format("{}", fmt::join(reader.mistakes(), "; ")) : "expected an object");
  }
  return origin;
}

void check_origin(const VectorOrigin& found, VectorOrigin expected, const fs::path& index) {
  const std::string model = expected.model;
  expected.model = found.model;  // where the model lies makes no difference
  const nlohmann::json of_index = to_object(found);
  const nlohmann::json of_model = to_object(std::move(expected));
  std::vector<std::string> differences;
  for (const auto& [key, value] : of_model.items()) {
    if (of_index.at(key) == value) continue;
    differences.push_back(
        fmt::format("{}: expected {}, found {}", key, short_json(value), short_json(of_index.at(key))));
  }
  if (differences.empty()) return;
  throw DataError(
      "{}: its vectors cannot be compared with those of {}; they were made with {}:\n  {}\n  "
      "Search with the same --model and --pooling, or make the index anew with `albert embed`",
      index.string(), model, found.model, fmt::join(differences, "\n  "));
}

}  // namespace albert::inference
