#include "train/resume_check.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/error.h"
#include "config/configuration.h"

namespace albert::train {

namespace {

/// Where a corpus lies: data.corpus, data.corpora[1].corpus. Whether there is one folder or a list of them is told by the
/// checksum of the content, too.
bool is_corpus_folder(std::string_view key) {
  return key == "data.corpus" || key == "data.corpora" ||
         (key.starts_with("data.corpora[") && key.ends_with("].corpus"));
}

bool is_free(std::string_view key) {
  return key.starts_with("log.") || key.starts_with("evaluate.") || key.starts_with("checkpoint.") ||
         key == "parallel.timeout_s" || key == "parallel.join_timeout_s" || key == "parallel.shard_optimizer" ||
         key == "data.threads" || key == "train.clock" || is_corpus_folder(key) || key == "data.path" ||
         key == "data.more_paths";
}

/// How long the run is.
bool is_length(std::string_view key) {
  return key == "train.steps" || key == "train.minutes";
}

bool changes_rounding(std::string_view key) {
  constexpr std::array<std::string_view, 7> kKeys{
      "train.threads",   "train.device",           "train.deterministic",     "train.micro_batch_size",
      "train.recompute", "parallel.gradient_type", "parallel.bucket_elements"};
  return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

/// Settings that change over a run, at shares of it.
constexpr std::array<std::string_view, 4> kTimelines{"data.length_schedule", "data.masking_rate",
                                                     "train.batch_schedule", "train.depth_schedule"};

/// Those of the timelines that have more than one value.
std::string changing_settings(const std::map<std::string, std::string>& values) {
  std::string names;
  for (const std::string_view name : kTimelines) {
    const auto found = values.find(std::string(name));
    if (found == values.end() || found->second.find(", ") == std::string::npos) continue;
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  return names;
}

std::string value_of(const std::map<std::string, std::string>& values, const std::string& key) {
  const auto found = values.find(key);
  return found == values.end() ? "absent" : found->second;
}

/// The settings of two configurations.
std::set<std::string> keys_of(const std::map<std::string, std::string>& first,
                              const std::map<std::string, std::string>& second) {
  std::set<std::string> keys;
  for (const auto* values : {&first, &second}) {
    for (const auto& [key, value] : *values) keys.insert(key);
  }
  return keys;
}

}  // namespace

std::map<std::string, std::string> setting_values(const config::Node& node) {
  std::map<std::string, std::string> values;
  for (const auto& [key, value] : config::flatten(node)) {
    const auto timeline = std::ranges::find_if(kTimelines, [&](std::string_view name) {
      return key.size() > name.size() && key.starts_with(name) && key[name.size()] == '.';
    });
    if (timeline == kTimelines.end()) {
      values[key] = value;
      continue;
    }
    std::string& points = values[std::string(*timeline)];
    if (!points.empty()) points += ", ";
    points += key.substr(timeline->size() + 1) + ": " + value;
  }
  return values;
}

std::string differing_settings(const config::Node& of_first, const config::Node& of_other) {
  constexpr std::array<std::string_view, 5> kOfHost{"data.path", "data.more_paths", "data.threads", "model.path",
                                                    "train.threads"};
  const auto first = setting_values(of_first), other = setting_values(of_other);
  std::string differences;
  for (const std::string& key : keys_of(first, other)) {
    const std::string expected = value_of(first, key), found = value_of(other, key);
    if (expected == found || is_corpus_folder(key) || std::ranges::find(kOfHost, key) != kOfHost.end()) continue;
    differences += fmt::format("\n  {}: {} instead of {}", key, found, expected);
  }
  return differences;
}

std::vector<std::string> check_resumed_settings(const config::Node& before, const config::Node& now,
                                                std::string_view weights_option) {
  const auto old_values = setting_values(before);
  const auto new_values = setting_values(now);
  const bool has_new_length = value_of(old_values, "train.steps") != value_of(new_values, "train.steps");
  std::vector<std::string> notes;
  std::string refused;
  for (const std::string& key : keys_of(old_values, new_values)) {
    const std::string was = value_of(old_values, key);
    const std::string is = value_of(new_values, key);
    if (was == is) continue;
    const std::string change = fmt::format("{}: was {}, now {}", key, was, is);
    if (key == "model.path") {
      notes.push_back(change + " (the weights are those of the checkpoint)");
    } else if (is_free(key) || !old_values.contains(key)) {  // a setting that did not exist yet was at its default
      notes.push_back(change);
    } else if (is_length(key) && !changing_settings(new_values).empty()) {
      refused += fmt::format("\n  {} (the shares in {} are of it)", change, changing_settings(new_values));
    } else if (is_length(key) || (key == "schedule.warmup_steps" && has_new_length)) {
      notes.push_back(change + " (the learning rate of the steps to come follows the new length)");
    } else if (changes_rounding(key)) {
      notes.push_back(change + " (from here on the run is not bit for bit what it would have been)");
    } else {
      refused += "\n  " + change;
    }
  }
  if (!refused.empty()) {
    throw UsageError(
        "the run cannot be resumed with other settings than it was started with:{}\n  Take the old values, or start a "
        "new run from its weights with {} and another --run-dir",
        refused, weights_option);
  }
  return notes;
}

bool check_branch_settings(const config::Node& trunk, const config::Node& branch) {
  const auto of_trunk = setting_values(trunk), of_branch = setting_values(branch);
  bool makes_same_examples = true;
  std::string refused;
  for (const std::string& key : keys_of(of_trunk, of_branch)) {
    const std::string was = value_of(of_trunk, key), is = value_of(of_branch, key);
    if (was == is) continue;
    const bool is_shape = key.starts_with("model.") && key.find("dropout") == std::string::npos &&
                          key.find("initializer") == std::string::npos;
    if (is_shape || key == "optimizer.name" || key.starts_with("optimizer.muon_parameters")) {
      refused += fmt::format("\n  {}: was {}, now {}", key, was, is);
    } else if (key.starts_with("data.") && !is_free(key) && key != "data.masking_rate") {
      makes_same_examples = false;
    }
  }
  if (!refused.empty()) {
    throw UsageError(
        "a branch has the model and the optimizer of its trunk:{}\n  To start from its weights alone: --init-from",
        refused);
  }
  // Its shares are of runs of two lengths.
  return makes_same_examples && changing_settings(of_trunk).find("length") == std::string::npos;
}

}  // namespace albert::train
