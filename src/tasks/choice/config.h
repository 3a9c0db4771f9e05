#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "config/fields.h"

namespace albert::tasks {

/// The `task.choice` part of a configuration: how a question and its choices become sequences.
struct ChoiceConfig {
  std::int64_t max_choice_length = 128;
  std::string blank = {};

  void fields(config::Fields& f);
  /// \param prefix of the keys in the whole configuration: "task.choice."
  void check(config::Checks& c, std::string_view prefix) const;
};

}  // namespace albert::tasks
