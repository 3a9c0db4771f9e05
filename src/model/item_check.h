#pragma once

#include <span>

#include "model/head_config.h"
#include "model/item.h"

namespace albert::model {

/// Throws InternalError unless every item has what its kind of head takes: the right number of sequences, labels and
/// values, positions inside the sequence, and what is right for all of them or for none.
void check_items(std::span<const Item* const> items, HeadKind kind);

}  // namespace albert::model
