#include "checkpoint/training_state.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"

namespace albert::checkpoint {

namespace {

using nlohmann::json;

/// Reads members of an object by key and type; every message names file and key.
class Members {
 public:
  Members(const json& object, const fs::path& source) : object_(object), source_(source) {
    if (!object_.is_object()) throw ModelError("{}: expected a JSON object", source_.string());
  }

  template <typename T>
  void operator()(const char* key, T& value) const {
    const auto found = object_.find(key);
    if (found == object_.end()) throw ModelError("{}: '{}' is missing", source_.string(), key);
    try {
      value = json_value<T>(*found, "");
    } catch (const json::exception& error) {
      throw ModelError("{}: '{}': {}", source_.string(), key, json_problem(error));
    }
  }

 private:
  const json& object_;
  const fs::path& source_;
};

}  // namespace

std::string to_json(const TrainState& state) {
  nlohmann::ordered_json root = {{"step", state.step},
                                 {"epoch", state.epoch},
                                 {"index_in_epoch", state.index_in_epoch},
                                 {"examples_seen", state.examples_seen},
                                 {"tokens_seen", state.tokens_seen},
                                 {"elapsed_s", state.elapsed_s},
                                 {"seed", state.seed},
                                 {"longest_sequence", nullptr},
                                 {"best", nullptr},
                                 {"unrecorded",
                                  {{"sums", state.unrecorded.sums},
                                   {"tokens", state.unrecorded.num_tokens},
                                   {"seconds", state.unrecorded.seconds},
                                   {"waited_s", state.unrecorded.waited_s},
                                   {"exchanged_s", state.unrecorded.exchanged_s},
                                   {"tokens_at_most", state.unrecorded.tokens_at_most}}},
                                 {"evaluation_due", nullptr},
                                 {"fingerprints", state.fingerprints}};
  if (state.longest_sequence) root["longest_sequence"] = *state.longest_sequence;
  if (const auto& best = state.best) {
    root["best"] = {{"metric", best->metric},
                    {"value", best->value},
                    {"step", best->step},
                    {"loss", nullptr},
                    {"since", best->since}};
    if (best->loss) root["best"]["loss"] = *best->loss;
  }
  if (const auto& due = state.evaluation_due) {
    root["evaluation_due"] = {
        {"epoch", due->epoch}, {"learning_rate", due->learning_rate}, {"gradient_norm", due->gradient_norm}};
  }
  return root.dump(2) + "\n";
}

TrainState train_state_from_json(const std::string& text, const fs::path& source) {
  json root;
  try {
    root = read_json(text);
  } catch (const json::exception& error) {
    throw ModelError("{}: {}", source.string(), json_problem(error));
  }
  TrainState state;
  const Members members(root, source);
  members("step", state.step);
  members("epoch", state.epoch);
  members("index_in_epoch", state.index_in_epoch);
  members("examples_seen", state.examples_seen);
  members("tokens_seen", state.tokens_seen);
  members("elapsed_s", state.elapsed_s);
  members("seed", state.seed);
  members("fingerprints", state.fingerprints);
  if (const auto found = root.find("unrecorded"); found != root.end()) {
    const Members of_sums(*found, source);
    of_sums("sums", state.unrecorded.sums);
    of_sums("tokens", state.unrecorded.num_tokens);
    of_sums("seconds", state.unrecorded.seconds);
    of_sums("waited_s", state.unrecorded.waited_s);
    if (found->contains("exchanged_s")) {  // not in states of older versions, which knew one rank only
      of_sums("exchanged_s", state.unrecorded.exchanged_s);
      of_sums("tokens_at_most", state.unrecorded.tokens_at_most);
    }
  }
  state.longest_sequence.reset();  // as in states of older versions
  if (const auto found = root.find("longest_sequence"); found != root.end() && !found->is_null()) {
    members("longest_sequence", state.longest_sequence.emplace());
  }
  if (const auto found = root.find("evaluation_due"); found != root.end() && !found->is_null()) {
    LastUpdate& due = state.evaluation_due.emplace();
    const Members of_due(*found, source);
    of_due("epoch", due.epoch);
    of_due("learning_rate", due.learning_rate);
    of_due("gradient_norm", due.gradient_norm);
  }
  if (const auto found = root.find("best"); found != root.end() && !found->is_null()) {
    BestResult& best = state.best.emplace();
    const Members of_best(*found, source);
    of_best("metric", best.metric);
    of_best("value", best.value);
    of_best("step", best.step);
    best.since = best.step;  // states of earlier versions say no more
    if (found->contains("since")) of_best("since", best.since);
    if (found->contains("loss") && !found->at("loss").is_null()) of_best("loss", best.loss.emplace());
  }
  return state;
}

TrainState load_state(const fs::path& folder) {
  return train_state_from_json(read_file(folder / kStateFile, kMaxConfigBytes), folder / kStateFile);
}

}  // namespace albert::checkpoint
