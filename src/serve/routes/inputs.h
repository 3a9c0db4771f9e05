#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "serve/routes/body.h"
#include "serve/routes/plan.h"
#include "tasks/task.h"
#include "text/tokenizer.h"

/// What the bodies of requests have in common. Every function throws RequestError.
namespace albert::serve {

/// A text that is not empty, which is 400.
/// \param place for messages: "inputs[3]"
const std::string& text_at(const nlohmann::json& value, std::string_view place);

/// A text, or a list of them.
struct Texts {
  std::vector<std::string> texts;
  bool is_list = false;
};
Texts texts_at(const nlohmann::json& value, std::string_view place, const Limits& limits);

/// What becomes a vector: a text, or the ids of its pieces as /tokenize gives them, with the special ones.
using Input = std::variant<std::string, std::vector<std::int32_t>>;

/// An input, or a list of them.
struct Inputs {
  std::vector<Input> inputs;
  bool is_list = false;
};
Inputs inputs_at(const nlohmann::json& value, std::string_view place, const Limits& limits,
                 const text::Tokenizer& tokenizer);
/// A list of ids of the tokenizer's pieces.
std::vector<std::int32_t> ids_at(const nlohmann::json& list, std::string_view place, const text::Tokenizer& tokenizer);

/// 413 for more inputs than a request may have.
void check_batch_size(std::size_t count, const Limits& limits);

/// The model that a request names, or the first that can answer it. 404 for a name of none; 422 where path and body
/// name two; 424 where it cannot, or none can.
std::shared_ptr<const ServedModel> choose_model(const Asked& asked, const Body& body, Ability ability);
/// The model that a request names; null where it names none.
std::shared_ptr<const ServedModel> named_model(const Asked& asked, const Body& body);

/// Adds records to a window, and refuses those that were cut where they must not be: 413.
class RecordAdder {
 public:
  /// \param body may have the members `truncate` and `truncation_direction`
  RecordAdder(tasks::RecordWindow& window, const Body& body, const Limits& limits, std::int64_t max_length);

  /// \param place for messages: "inputs[3]"
  void add(std::string_view record, const std::string& place);
  /// Calls a function that adds one by itself.
  void add_by(const std::function<void()>& add, const std::string& place);

 private:
  tasks::RecordWindow& window_;
  bool truncates_;
  std::int64_t max_length_;
};

/// What a request wants before its texts, by `prompt_name`; empty: nothing.
const std::string& prompt_of(const ServedModel& model, const Body& body);

/// Where an input stands in the body, for messages: "inputs[3]".
using PlaceOf = std::function<std::string(std::size_t input)>;
/// \param is_list the member is a list of them; else the only one
PlaceOf places_in(std::string_view name, bool is_list);
/// Of one input, and behind it those of a list.
PlaceOf places_behind(std::string_view first, std::string_view list);

/// The vectors of texts as a plan, whose response is still to be said.
/// \param form kEmbed, kEmbedAll or kEmbedSparse
/// \param body may have the members of RecordAdder, and `prompt_name`
Plan plan_vectors(const std::shared_ptr<const ServedModel>& model, Ability form, std::span<const Input> inputs,
                  const PlaceOf& place_of, const Body& body, const Limits& limits);
/// Those of a plan of plan_vectors(), once they are there.
const inference::VectorWindow& vectors_of(const tasks::ItemSet& items);
/// The cosine of the first of them with each that follows.
std::vector<float> cosines_with_first(const tasks::ItemSet& items);

/// Objects or lists end to end: "[a,b]".
std::string json_list(const std::vector<std::string>& values);

}  // namespace albert::serve
