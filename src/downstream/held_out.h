#pragma once

#include <string_view>

namespace albert::downstream {

/// Whether an example belongs to the share that is kept from the training for evaluation, by its content alone: the
/// same at every reading, in whatever order. \param share in [0, 1]
bool is_held_out(std::string_view content, double share);

}  // namespace albert::downstream
