#pragma once

#include <cstddef>
#include <string_view>

#include "tasks/tokens/tagged_text.h"

namespace albert::tasks {

inline constexpr std::size_t kConlluColumns = 10;
inline constexpr std::string_view kConlluNothing = "_";  ///< stands in columns that are not filled

/// The column of a kind of tags, from 0.
std::size_t conllu_column(ConlluTag tag);

}  // namespace albert::tasks
