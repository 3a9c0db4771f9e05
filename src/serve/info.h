#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "serve/model_list.h"
#include "serve/routes/plan.h"

namespace albert::serve {

struct InfoOptions {
  Limits limits = {};
  std::size_t max_concurrent_requests = 0;
  std::size_t max_batch_tokens = 0;
  std::string version = {};
};

/// What /info says, in JSON: of the first model under the names of Text Embeddings Inference, and all models.
std::string info_json(const ModelList& models, const InfoOptions& options);

/// What /v1/models says: the models that make vectors, in OpenAI's form.
std::string openai_models_json(const ModelList& models);

/// The page at "/", by which models are tried by hand.
std::string_view page_html();

/// The description of the server (OpenAPI 3.1).
std::string_view openapi_json();

}  // namespace albert::serve
