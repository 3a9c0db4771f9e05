#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tasks/task_type.h"

namespace albert::tasks {

/// From what the relation of two entities is read.
enum class RelationHead {
  kFirstToken,    ///< [CLS], which sees the markers: AutoModelForSequenceClassification
  kEntityStarts,  ///< the tokens where the entities start; no Auto class
};

/// The `task.relation` part of a configuration.
struct RelationSettings : SettingsOf<RelationSettings> {
  RelationHead head = RelationHead::kFirstToken;
  std::string first_marker = "$";
  std::string second_marker = "#";
  std::vector<std::string> all_labels = {};  ///< task.relation.labels

  void fields(config::Fields& f) override;
  void check(config::Checks& c, std::string_view prefix) const override;
  TransformersHead transformers_head() const override {
    if (head == RelationHead::kEntityStarts) return {.architecture = kNoHead};
    return {.architecture = "AlbertForSequenceClassification", .problem_type = "single_label_classification"};
  }
  bool has_classes() const override { return true; }
  bool has_probabilities() const override { return true; }
  const std::vector<std::string>* labels() const override { return &all_labels; }
};

}  // namespace albert::tasks
