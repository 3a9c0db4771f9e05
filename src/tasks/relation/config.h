#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/fields.h"

namespace albert::tasks {

/// From what the relation of two entities is read.
enum class RelationHead {
  kFirstToken,    ///< [CLS], which sees the markers: AutoModelForSequenceClassification
  kEntityStarts,  ///< the tokens where the entities start; no Auto class
};

/// The `task.relation` part of a configuration.
struct RelationConfig {
  RelationHead head = RelationHead::kFirstToken;
  std::string first_marker = "$";
  std::string second_marker = "#";
  std::vector<std::string> labels;

  void fields(config::Fields& f);
  /// \param prefix of the keys in the whole configuration: "task.relation."
  void check(config::Checks& c, std::string_view prefix) const;
};

}  // namespace albert::tasks
