#pragma once

#include <span>
#include <string>

#include "interop/reference_values.h"
#include "interop/source_model.h"

namespace albert::interop {

/// Makes a batch of texts, cut to 64 tokens, with every second one in a pair where the model takes pairs.
/// \param texts at least three
Reference make_reference(const SourceModel& source, std::span<const std::string> texts);

}  // namespace albert::interop
