#pragma once

#include <string_view>

#include "config/fields.h"

namespace albert::downstream {

struct RelationConfig {
  void fields(config::Fields& f);
  /// \param prefix of the keys in the whole configuration: "task.relation."
  void check(config::Checks& c, std::string_view prefix) const;
};

}  // namespace albert::downstream
