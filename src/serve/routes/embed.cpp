#include <algorithm>
#include <cmath>
#include <cstring>

#include <nlohmann/json.hpp>

#include "base/json.h"
#include "base/json_numbers.h"
#include "serve/routes/inputs.h"
#include "text/base64.h"

namespace albert::serve {

using nlohmann::json;

namespace {

/// What a request wants of each vector.
struct VectorShape {
  bool is_normalized = true;  ///< has the length 1
  std::size_t size = 0;       ///< its first numbers; at most those of the model
  std::size_t model_size = 0;
  bool pools_first_token = false;

  /// Whether it is what the model makes; else it is made of the hidden states of the tokens.
  bool is_usual() const { return is_normalized && size == model_size; }
  Ability form() const { return is_usual() ? Ability::kEmbed : Ability::kEmbedAll; }
};

VectorShape shape_of(const Body& body, const ModelFacts& facts) {
  const std::int64_t size = facts.vector_size;
  return {.is_normalized = body.flag("normalize", true),
          .size = static_cast<std::size_t>(body.whole_number("dimensions", 1, size, size)),
          .model_size = static_cast<std::size_t>(size),
          .pools_first_token = facts.pools_first_token};
}

/// \param states [L, H]
std::vector<float> pool(std::span<const float> states, const VectorShape& shape) {
  const std::size_t num_tokens = shape.pools_first_token ? 1 : states.size() / shape.model_size;
  std::vector<double> sums(shape.size);
  for (std::size_t token = 0; token < num_tokens; ++token) {
    const float* const row = &states[token * shape.model_size];
    for (std::size_t k = 0; k < shape.size; ++k) sums[k] += static_cast<double>(row[k]);
  }
  auto divisor = static_cast<double>(num_tokens);
  if (shape.is_normalized) {
    double squares = 0;
    for (const double sum : sums) squares += sum * sum;
    divisor = std::max(std::sqrt(squares), 1e-12);
  }
  std::vector<float> vector(shape.size);
  std::ranges::transform(sums, vector.begin(), [&](double sum) { return static_cast<float>(sum / divisor); });
  return vector;
}

/// The vectors of a plan, once they are there.
class Vectors {
 public:
  Vectors(const tasks::ItemSet& items, const VectorShape& shape) : window_(vectors_of(items)), shape_(shape) {}

  std::size_t count() const { return window_.num_records(); }
  std::vector<float> operator[](std::size_t i) const {
    const std::span<const float> made = window_.vector(i);
    return shape_.is_usual() ? std::vector<float>(made.begin(), made.end()) : pool(made, shape_);
  }

 private:
  const inference::VectorWindow& window_;
  const VectorShape& shape_;
};

/// As OpenAI's clients ask for it: float32, little-endian.
std::string to_base64(std::span<const float> vector) {
  std::string bytes(vector.size_bytes(), '\0');
  std::memcpy(bytes.data(), vector.data(), bytes.size());
  return '"' + text::to_base64(bytes) + '"';
}

bool asks_for_base64(const Body& body) {
  const std::string format = body.optional_text("encoding_format");
  if (format.empty() || format == "float") return false;
  if (format == "base64") return true;
  throw invalid("encoding_format: expected float or base64, found '{}'", format);
}

/// \param name of the member that has the inputs
Plan plan_shaped(const Asked& asked, const Body& body, const char* name, VectorShape& shape) {
  const json& given = body.need(name);
  const auto model = choose_model(asked, body, Ability::kEmbed);
  shape = shape_of(body, model->facts);
  const Inputs inputs = inputs_at(given, name, asked.limits, *model->tokenizer);
  Plan plan = plan_vectors(model, shape.form(), inputs.inputs, places_in(name, inputs.is_list), body, asked.limits);
  plan.is_batch = inputs.is_list;
  return plan;
}

}  // namespace

Plan plan_embed(const Asked& asked, const Body& body) {
  VectorShape shape;
  Plan plan = plan_shaped(asked, body, "inputs", shape);
  plan.respond = [items = plan.items, shape] {
    const Vectors vectors(*items, shape);
    std::string out;
    append_list(vectors.count(), out, [&](std::size_t i) { append_json(vectors[i], out); });
    return out;
  };
  return plan;
}

Plan plan_openai_embeddings(const Asked& asked, const Body& body) {
  const bool is_base64 = asks_for_base64(body);
  VectorShape shape;
  Plan plan = plan_shaped(asked, body, "input", shape);
  plan.respond = [items = plan.items, name = plan.model->facts.name, is_base64, shape] {
    const Vectors vectors(*items, shape);
    std::string out = R"({"object":"list","data":)";
    append_list(vectors.count(), out, [&](std::size_t i) {
      out += R"({"object":"embedding","index":)" + std::to_string(i) + R"(,"embedding":)";
      is_base64 ? void(out += to_base64(vectors[i])) : append_json(vectors[i], out);
      out += '}';
    });
    return out + fmt::format(R"(,"model":{0},"usage":{{"prompt_tokens":{1},"total_tokens":{1}}}}})",
                             dump_json(json(name)), count_tokens(*items));
  };
  return plan;
}

Plan plan_similarity(const Asked& asked, const Body& body) {
  const Body inputs(body.need("inputs"), "inputs");
  std::vector<Input> texts = {text_at(inputs.need("source_sentence"), "inputs.source_sentence")};
  const Texts others = texts_at(inputs.need("sentences"), "inputs.sentences", asked.limits);
  inputs.refuse_unread();
  if (!others.is_list) throw invalid("inputs.sentences: expected a list of texts");
  texts.insert(texts.end(), others.texts.begin(), others.texts.end());
  const auto model = choose_model(asked, body, Ability::kEmbed);
  Plan plan = plan_vectors(model, Ability::kEmbed, texts, places_behind("inputs.source_sentence", "inputs.sentences"),
                           body, asked.limits);
  plan.is_batch = true;
  plan.respond = [items = plan.items] {
    std::string out;
    append_json(cosines_with_first(*items), out);
    return out;
  };
  return plan;
}

}  // namespace albert::serve
