#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "interop/padded_model.h"
#include "metrics/figures.h"

namespace albert::interop {

/// What the person who exports a model says of it.
struct CardSettings {
  std::vector<std::string> languages;  ///< codes of ISO 639: "en"
  std::string license;                 ///< as model hubs call it: "apache-2.0"
  std::string base_model;
  std::vector<std::string> datasets;
};

/// What a model card tells.
struct ModelCard {
  std::string name;  ///< of the model: that of its folder
  CardSettings said;
  PaddedModel model;
  std::string auto_class;           ///< of Transformers, "AutoModelForSequenceClassification"; empty: it has none
  std::vector<std::string> labels;  ///< by class
  std::string decision = {};        ///< how an answer is decided, where that is not by the largest score
  std::int64_t max_length = 0;      ///< in tokens
  std::int64_t num_parameters = 0;
  metrics::Figures figures;             ///< of an evaluation in float32; empty: of none
  metrics::Figures int8_figures = {};   ///< of the same data in int8
  std::string figures_of;               ///< the data that it was on
  std::vector<std::string> onnx_files;  ///< "onnx/model.onnx"
  std::string torch_export_file = {};   ///< "model.pt2"; empty: none
  bool has_sentence_transformers = false;
  bool has_weights = true;  ///< as safetensors
};

/// README.md of a model folder: YAML between lines of dashes, as model hubs read it, then what the model is and how it
/// is used.
std::string write_model_card(const ModelCard& card);

/// What pipeline() of Transformers calls the use of a model: "text-classification"; empty where it has none.
std::string pipeline_of(const PaddedModel& model);

}  // namespace albert::interop
