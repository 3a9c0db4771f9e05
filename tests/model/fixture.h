#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/config.h"
#include "model/packed_batch.h"
#include "model/pretraining.h"

namespace albert::model {

/// A file of tests/fixtures/model, written by scripts/make_fixtures.py.
struct Fixture {
  AlbertConfig config;
  std::map<std::string, at::Tensor> tensors;

  explicit Fixture(const std::string& name);
  const at::Tensor& operator[](const std::string& name) const { return tensors.at(name); }
  PretrainingBatch batch() const;
};

/// The names of all fixtures.
std::vector<std::string> fixture_names();

/// Gives every parameter the values that scripts/make_fixtures.py computes from its name.
void fill_by_formula(torch::nn::Module& model);

}  // namespace albert::model
