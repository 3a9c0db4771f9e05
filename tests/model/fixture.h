#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/config.h"
#include "model/packed_batch.h"
#include "model/pretraining.h"

namespace albert::model {

/// A file below tests/fixtures, written by scripts/make_fixtures.py or scripts/make_head_fixtures.py.
struct FixtureFile {
  std::string config_json;
  AlbertConfig config;
  std::map<std::string, at::Tensor> tensors;

  FixtureFile(const std::string& folder, const std::string& name);
  const at::Tensor& operator[](const std::string& name) const { return tensors.at(name); }
  /// A tensor of whole numbers, or of numbers.
  std::vector<std::int32_t> integers(const std::string& name) const;
  std::vector<float> numbers(const std::string& name) const;
};

/// A file of tests/fixtures/model: a pretraining batch.
struct Fixture : FixtureFile {
  explicit Fixture(const std::string& name) : FixtureFile("model", name) {}
  PretrainingBatch batch() const;
};

/// The names of all fixtures in a folder.
std::vector<std::string> fixture_names(const std::string& folder = "model");

/// Gives every parameter the values that scripts/make_fixtures.py computes from its name.
void fill_by_formula(torch::nn::Module& model);

}  // namespace albert::model
