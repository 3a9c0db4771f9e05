#include "serve/routes/inputs.h"

#include <numeric>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json.h"
#include "base/shown.h"
#include "tasks/common/decoding.h"
#include "text/whitespace.h"

namespace albert::serve {

using nlohmann::json;

namespace {

/// What a model can do, for people.
std::string_view action_of(Ability ability) {
  switch (ability) {
    case Ability::kPredict:
      return "classify texts, or predict a number of them";
    case Ability::kTags:
      return "tag words";
    case Ability::kAnswer:
      return "answer questions";
    case Ability::kChoose:
      return "choose among answers";
    case Ability::kRelation:
      return "tell the relation of two entities";
    case Ability::kEmbed:
      return "turn texts into vectors";
    case Ability::kEmbedAll:
      return "turn tokens into vectors";
    case Ability::kEmbedSparse:
      return "weigh the words of a vocabulary; it needs the head for masked words that pretraining gives";
    case Ability::kFillMask:
      return "fill in masked words";
  }
  return "do that";
}

}  // namespace

const std::string& text_at(const json& value, std::string_view place) {
  if (!value.is_string()) throw invalid("{}: expected a text, found {}", place, short_json(value));
  const auto& text = value.get_ref<const std::string&>();
  if (text::trim(text).empty()) throw RequestError(400, ErrorType::kEmpty, "{}: the text is empty", place);
  return text;
}

Texts texts_at(const json& value, std::string_view place, const Limits& limits) {
  if (!value.is_array()) return {.texts = {text_at(value, place)}};
  if (value.empty()) throw RequestError(400, ErrorType::kEmpty, "{}: the list is empty", place);
  check_batch_size(value.size(), limits);
  Texts texts{.texts = {}, .is_list = true};
  for (const json& text : value) texts.texts.push_back(text_at(text, fmt::format("{}[{}]", place, texts.texts.size())));
  return texts;
}

std::vector<std::int32_t> ids_at(const json& list, std::string_view place, const text::Tokenizer& tokenizer) {
  std::vector<std::int32_t> ids;
  for (const json& id : list) {
    if (!id.is_number_unsigned() ||
        id.get<std::uint64_t>() >= static_cast<std::uint64_t>(tokenizer.vocabulary_size())) {
      throw invalid("{}: expected ids of pieces from 0 to {}, found {}", place, tokenizer.vocabulary_size() - 1,
                    short_json(id));
    }
    ids.push_back(id.get<std::int32_t>());
  }
  return ids;
}

namespace {

bool are_ids(const json& value) {
  return value.is_array() && (value.empty() || value[0].is_number());
}

Input input_at(const json& value, std::string_view place, const text::Tokenizer& tokenizer) {
  if (!are_ids(value)) return text_at(value, place);
  if (value.empty()) throw RequestError(400, ErrorType::kEmpty, "{}: the list is empty", place);
  return ids_at(value, place, tokenizer);
}

}  // namespace

Inputs inputs_at(const json& value, std::string_view place, const Limits& limits, const text::Tokenizer& tokenizer) {
  if (!value.is_array() || are_ids(value)) return {.inputs = {input_at(value, place, tokenizer)}};
  check_batch_size(value.size(), limits);
  Inputs inputs{.inputs = {}, .is_list = true};
  for (const json& input : value) {
    inputs.inputs.push_back(input_at(input, fmt::format("{}[{}]", place, inputs.inputs.size()), tokenizer));
  }
  return inputs;
}

void check_batch_size(std::size_t count, const Limits& limits) {
  if (count <= limits.max_client_batch_size) return;
  throw RequestError(413, ErrorType::kValidation, "batch size {} > maximum allowed batch size {}", count,
                     limits.max_client_batch_size);
}

std::shared_ptr<const ServedModel> named_model(const Asked& asked, const Body& body) {
  const std::string of_body = body.optional_text("model");
  const std::string& name = asked.model_name.empty() ? of_body : asked.model_name;
  if (name.empty()) return nullptr;
  auto model = asked.models.find(name);
  if (!model)
    throw RequestError(404, ErrorType::kNotFound, "there is no model '{}'; /info names them", shortened(name));
  if (!of_body.empty() && of_body != name)
    throw invalid("model: it is '{}', but the path names '{}'; leave one of them out", shortened(of_body), name);
  return model;
}

std::shared_ptr<const ServedModel> choose_model(const Asked& asked, const Body& body, Ability ability) {
  auto model = named_model(asked, body);
  if (model) {
    if (model->facts.can(ability)) return model;
    throw RequestError(424, ErrorType::kBackend, "the model '{}' cannot {}", model->facts.name, action_of(ability));
  }
  model = asked.models.first([&](const ServedModel& other) { return other.facts.can(ability); });
  if (model) return model;
  throw RequestError(424, ErrorType::kBackend, "no model is served that can {}", action_of(ability));
}

namespace {

tasks::CutSide cut_side(const Body& body) {
  const std::string direction = body.optional_text("truncation_direction");
  if (direction.empty() || direction == "Right" || direction == "right") return tasks::CutSide::kEnd;
  if (direction == "Left" || direction == "left") return tasks::CutSide::kBeginning;
  throw invalid("truncation_direction: expected Left or Right, found '{}'", shortened(direction));
}

}  // namespace

const std::string& prompt_of(const ServedModel& model, const Body& body) {
  static const std::string kNone;
  const std::string name = body.optional_text("prompt_name");
  if (name.empty()) return kNone;
  const auto& prompts = model.facts.prompts;
  if (const auto found = prompts.find(name); found != prompts.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, prompt] : prompts) names.push_back(known);
  throw invalid("prompt_name: the model '{}' has no prompt '{}'; it has {}", model.facts.name, shortened(name),
                names.empty() ? "none" : listed(names));
}

RecordAdder::RecordAdder(tasks::RecordWindow& window, const Body& body, const Limits& limits, std::int64_t max_length)
    : window_(window), truncates_(body.flag("truncate", limits.truncates)), max_length_(max_length) {
  if (!window_.set_cut_side(cut_side(body))) {
    throw invalid("truncation_direction: a model of this task reads its texts from their beginning (Right)");
  }
}

void RecordAdder::add(std::string_view record, const std::string& place) {
  add_by([&] { window_.add(record, {.file = place, .line = 0, .id = {}}); }, place);
}

void RecordAdder::add_by(const std::function<void()>& add, const std::string& place) {
  const std::size_t num_truncated = window_.num_truncated();
  add();
  if (truncates_ || window_.num_truncated() == num_truncated) return;
  throw RequestError(413, ErrorType::kValidation,
                     "{}: the model reads at most {} tokens; shorten it, or ask to truncate", place, max_length_);
}

PlaceOf places_in(std::string_view name, bool is_list) {
  return [name = std::string(name), is_list](std::size_t i) { return is_list ? fmt::format("{}[{}]", name, i) : name; };
}

PlaceOf places_behind(std::string_view first, std::string_view list) {
  return [first = std::string(first), behind = places_in(list, true)](std::size_t i) {
    return i == 0 ? first : behind(i - 1);
  };
}

Plan plan_vectors(const std::shared_ptr<const ServedModel>& model, Ability form, std::span<const Input> inputs,
                  const PlaceOf& place_of, const Body& body, const Limits& limits) {
  auto window = model->open_vectors(form);
  const std::string& prompt = prompt_of(*model, body);
  RecordAdder adder(*window, body, limits, model->facts.max_length);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::string place = place_of(i);
    if (const auto* text = std::get_if<std::string>(&inputs[i])) {
      adder.add(prompt.empty() ? *text : prompt + *text, place);
    } else if (prompt.empty()) {
      adder.add_by([&] { window->add_ids(std::get<std::vector<std::int32_t>>(inputs[i])); }, place);
    } else {
      throw invalid(
          "prompt_name: a prompt stands before texts, and {} has ids; send the text, or put the ids of the "
          "prompt before the others",
          place);
    }
  }
  return {.model = model, .batcher = model->batchers.at(form).get(), .items = window, .num_inputs = inputs.size()};
}

const inference::VectorWindow& vectors_of(const tasks::ItemSet& items) {
  return dynamic_cast<const inference::VectorWindow&>(items);
}

std::vector<float> cosines_with_first(const tasks::ItemSet& items) {
  const inference::VectorWindow& window = vectors_of(items);
  const std::span<const float> first = window.vector(0);
  std::vector<float> cosines;
  for (std::size_t i = 1; i < window.num_records(); ++i) {
    const std::span<const float> other = window.vector(i);
    cosines.push_back(std::inner_product(first.begin(), first.end(), other.begin(), 0.0F));
  }
  return cosines;
}

std::string json_list(const std::vector<std::string>& values) {
  std::string out = "[";
  for (const std::string& value : values) {
    if (out.size() > 1) out += ',';
    out += value;
  }
  return out + ']';
}

}  // namespace albert::serve
