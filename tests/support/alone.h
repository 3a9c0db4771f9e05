#pragma once

#include "parallel/group.h"

namespace albert::testing {

/// The group of this process alone.
inline parallel::Group& alone() {
  static parallel::Group group;
  return group;
}

}  // namespace albert::testing
