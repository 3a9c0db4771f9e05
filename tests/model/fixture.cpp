#include "fixture.h"

#include <cstring>
#include <filesystem>

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "model/config_json.h"
#include "model/pack.h"

namespace albert::model {

namespace {

const fs::path kFixtures = "tests/fixtures";

/// The 32-bit hash "lowbias32" of Chris Wellons.
std::uint32_t mix(std::uint32_t x) {
  x = (x ^ (x >> 16)) * 0x7FEB352Du;
  x = (x ^ (x >> 15)) * 0x846CA68Bu;
  return x ^ (x >> 16);
}

void fill(const at::Tensor& parameter, const std::string& name) {
  std::uint32_t seed = 2166136261u;  // FNV-1a, 32 bits
  for (const char byte : name) seed = (seed ^ static_cast<unsigned char>(byte)) * 16777619u;
  const bool is_vector = parameter.dim() == 1;
  const double middle = is_vector && !name.ends_with("bias") ? 1 : 0;
  const at::Tensor values = at::empty(parameter.sizes(), at::kFloat);
  for (std::uint32_t i = 0; i < values.numel(); ++i) {
    const double unit = (mix(i ^ seed) >> 8) * 0x1p-23 - 1;
    values.mutable_data_ptr<float>()[i] = static_cast<float>(middle + (is_vector ? 0.25 : 0.3) * unit);
  }
  parameter.copy_(values);
}

/// A file that we trust: the reader that trusts nothing is in checkpoint, above the model.
std::map<std::string, at::Tensor> parse(const std::string& bytes, nlohmann::json& metadata) {
  std::uint64_t header_size = 0;
  std::memcpy(&header_size, bytes.data(), sizeof header_size);
  const auto header = nlohmann::json::parse(bytes.substr(sizeof header_size, header_size));
  const char* const data = bytes.data() + sizeof header_size + header_size;
  std::map<std::string, at::Tensor> tensors;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      metadata = entry;
      continue;
    }
    const auto type = entry.at("dtype") == "I64" ? at::kLong : at::kFloat;
    at::Tensor tensor = at::empty(entry.at("shape").get<std::vector<std::int64_t>>(), type);
    std::memcpy(tensor.mutable_data_ptr(), data + entry.at("data_offsets").at(0).get<std::size_t>(), tensor.nbytes());
    tensors.emplace(name, tensor);
  }
  return tensors;
}

}  // namespace

FixtureFile::FixtureFile(const std::string& folder, const std::string& name) {
  const fs::path path = kFixtures / folder / (name + ".safetensors");
  nlohmann::json metadata;
  tensors = parse(read_file(path), metadata);
  config_json = metadata.at("config").get<std::string>();
  config = parse_config_json(config_json, path.string());
}

std::vector<std::int32_t> FixtureFile::integers(const std::string& name) const {
  const at::Tensor values = tensors.at(name).to(at::kInt);
  const auto* begin = values.const_data_ptr<std::int32_t>();
  return {begin, begin + values.numel()};
}

std::vector<float> FixtureFile::numbers(const std::string& name) const {
  const at::Tensor& values = tensors.at(name);
  const auto* begin = values.const_data_ptr<float>();
  return {begin, begin + values.numel()};
}

PretrainingBatch Fixture::batch() const {
  const auto lengths = integers("lengths"), num_masked = integers("num_masked"), order = integers("order_labels");
  const auto ids = integers("token_ids"), segments = integers("segment_ids");
  const auto masked = integers("masked_positions"), labels = integers("labels");
  std::vector<PretrainingView> views;
  std::size_t token = 0, mask = 0;
  for (std::size_t b = 0; b < lengths.size(); ++b) {
    const auto length = static_cast<std::size_t>(lengths[b]), count = static_cast<std::size_t>(num_masked[b]);
    views.push_back({{std::span(ids).subspan(token, length), std::span(segments).subspan(token, length)},
                     std::span(masked).subspan(mask, count),
                     std::span(labels).subspan(mask, count),
                     order[b]});
    token += length;
    mask += count;
  }
  return pack_pretraining(views);
}

std::vector<std::string> fixture_names(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kFixtures / folder)) names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

void fill_by_formula(torch::nn::Module& model) {
  const at::NoGradGuard no_gradients;
  for (const auto& item : model.named_parameters()) fill(item.value(), item.key());
}

}  // namespace albert::model
