#include "checkpoint/safetensors_header.h"

#include <array>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json.h"
#include "base/shown.h"

namespace albert::checkpoint {

namespace {

using nlohmann::json;

constexpr const char* kMetadataKey = "__metadata__";

json parse(std::string_view text, const fs::path& path) {
  try {
    return read_json(text);
  } catch (const json::exception& error) {
    throw ModelError("{}: expected a header in JSON: {}; the file is damaged or of another kind", path.string(),
                     json_problem(error));
  }
}

/// One tensor's object under construction; every message names file and tensor.
class EntryParser {
 public:
  EntryParser(const fs::path& path, const std::string& name, const json& object)
      : path_(path), name_(name), object_(object) {}

  HeaderEntry parse() const {
    if (!object_.is_object()) fail("expected an object with dtype, shape and data_offsets", object_);
    for (const auto& [key, value] : object_.items()) {
      if (key != "dtype" && key != "shape" && key != "data_offsets")
        fail("expected dtype, shape and data_offsets only", key);
    }
    HeaderEntry entry;
    entry.info = {.name = name_, .dtype = dtype(), .shape = shape()};
    const json& offsets = array("data_offsets");
    if (offsets.size() != 2) fail("expected two data_offsets", offsets);
    entry.begin = static_cast<std::uint64_t>(count(offsets[0]));
    entry.end = static_cast<std::uint64_t>(count(offsets[1]));
    if (entry.begin > entry.end) fail("expected data_offsets that do not fall", offsets);
    if (const std::uint64_t size = size_of(entry.info); entry.end - entry.begin != size) {
      fail(fmt::format("expected {} bytes for {}", size, entry.info.describe()), entry.end - entry.begin);
    }
    return entry;
  }

 private:
  DType dtype() const {
    const json& value = member("dtype");
    for (const DType dtype : kAllDTypes) {
      if (value == to_string(dtype)) return dtype;
    }
    fail("expected dtype F32, BF16, F16, F64, I64, I32, I8, U8 or BOOL", value);
  }

  std::vector<std::int64_t> shape() const {
    std::vector<std::int64_t> shape;
    for (const json& extent : array("shape")) shape.push_back(count(extent));
    return shape;
  }

  std::uint64_t size_of(const TensorInfo& info) const {
    try {
      return info.size_bytes();
    } catch (const ModelError& error) {
      throw ModelError("{}: {}", path_.string(), error.what());
    }
  }

  const json& member(const char* key) const {
    const auto found = object_.find(key);
    if (found == object_.end()) fail(fmt::format("expected {}", key), "none");
    return *found;
  }

  const json& array(const char* key) const {
    const json& value = member(key);
    if (!value.is_array()) fail(fmt::format("expected a list as {}", key), value);
    return value;
  }

  std::int64_t count(const json& value) const {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > std::uint64_t{INT64_MAX})
      fail("expected a whole number", value);
    return value.get<std::int64_t>();
  }

  [[noreturn]] void fail(const std::string& expected, const json& found) const {
    throw ModelError("{}: tensor {}: {}, found {}", path_.string(), name_, expected, short_json(found));
  }

  const fs::path& path_;
  const std::string& name_;
  const json& object_;
};

Metadata parse_metadata(const json& object, const fs::path& path) {
  Metadata metadata;
  if (!object.is_object()) throw ModelError("{}: expected {} to be an object of texts", path.string(), kMetadataKey);
  for (const auto& [key, value] : object.items()) {
    if (!value.is_string())
      throw ModelError("{}: {}: expected a text for {}", path.string(), kMetadataKey, in_quotes(key));
    metadata.emplace(key, value.get<std::string>());
  }
  return metadata;
}

}  // namespace

Header parse_header(std::string_view json_text, const fs::path& path) {
  if (json_text.empty() || json_text.front() != '{')
    throw ModelError("{}: expected a header that begins with '{{'; this is no safetensors file", path.string());
  const json root = parse(json_text, path);
  Header header;
  for (const auto& [name, value] : root.items()) {
    if (name == kMetadataKey) {
      header.metadata = parse_metadata(value, path);
    } else {
      header.entries.push_back(EntryParser(path, name, value).parse());
    }
  }
  return header;
}

std::string format_header(const std::vector<TensorInfo>& tensors, const Metadata& metadata) {
  nlohmann::ordered_json root = nlohmann::ordered_json::object();
  if (!metadata.empty()) root[kMetadataKey] = metadata;
  std::uint64_t position = 0;
  for (const TensorInfo& tensor : tensors) {
    const std::uint64_t end = position + tensor.size_bytes();
    root[tensor.name] = {
        {"dtype", to_string(tensor.dtype)}, {"shape", tensor.shape}, {"data_offsets", std::array{position, end}}};
    position = end;
  }
  return root.dump();
}

}  // namespace albert::checkpoint
