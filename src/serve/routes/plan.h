#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "serve/batcher.h"
#include "serve/model_list.h"
#include "serve/request_error.h"
#include "serve/routes/body.h"
#include "serve/served_model.h"
#include "tasks/task.h"

namespace albert::serve {

/// What a request may ask for.
struct Limits {
  std::size_t max_client_batch_size = 32;  ///< inputs of a request
  bool truncates = true;                   ///< texts that are too long are cut where the request does not say
};

/// What a route sees of a request besides its body.
struct Asked {
  const ModelList& models;
  const Limits& limits;
  std::string model_name = {};  ///< of the path; empty: the body may name one
};

/// What becomes of a request: what a model is asked, and how its scores become the response.
struct Plan {
  std::shared_ptr<const ServedModel> model = {};  ///< kept while the request is under way
  Batcher* batcher = nullptr;                     ///< of the model; null: it is asked nothing
  std::shared_ptr<tasks::ItemSet> items = {};     ///< for the batcher
  std::size_t num_inputs = 1;
  bool is_batch = false;  ///< the request has a list of inputs
  bool is_long = false;   ///< respond() computes for so long that other requests must not wait for it
  /// The response in JSON, once the items have their scores.
  std::function<std::string()> respond = {};
};

/// A route: reads the body of a request. Throws RequestError; DataError for a record that cannot be read.
using MakePlan = Plan (*)(const Asked& asked, const Body& body);

Plan plan_answers(const Asked& asked, const Body& body);
Plan plan_choices(const Asked& asked, const Body& body);
Plan plan_decode(const Asked& asked, const Body& body);
Plan plan_embed(const Asked& asked, const Body& body);
Plan plan_embed_all(const Asked& asked, const Body& body);
Plan plan_embed_sparse(const Asked& asked, const Body& body);
Plan plan_fill_mask(const Asked& asked, const Body& body);
Plan plan_openai_embeddings(const Asked& asked, const Body& body);
Plan plan_predict(const Asked& asked, const Body& body);
Plan plan_relations(const Asked& asked, const Body& body);
Plan plan_rerank(const Asked& asked, const Body& body);
Plan plan_search(const Asked& asked, const Body& body);
Plan plan_similarity(const Asked& asked, const Body& body);
Plan plan_tags(const Asked& asked, const Body& body);
Plan plan_tokenize(const Asked& asked, const Body& body);
/// What the model that is asked can do first: of a path without a route.
Plan plan_by_model(const Asked& asked, const Body& body);

}  // namespace albert::serve
