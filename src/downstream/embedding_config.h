#pragma once

#include <string_view>

#include "config/fields.h"

namespace albert::downstream {

struct EmbeddingConfig {
  void fields(config::Fields& f);
  /// \param prefix of the keys in the whole configuration: "task.embedding."
  void check(config::Checks& c, std::string_view prefix) const;
};

}  // namespace albert::downstream
