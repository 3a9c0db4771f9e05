#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tasks/common/place.h"

namespace albert::tasks {

/// A finite number as people and programs write one, also with a plus sign and with spaces around it; nothing for
/// another text.
std::optional<double> written_number(std::string_view text);

/// Says that a text is no number, and what to do about it where that is known: a decimal comma, a value that is missing.
/// \param where "in the label column", or empty
/// \param of_first_line what to do if it is of the first line, which may name the columns
[[noreturn]] void refuse_number(const std::string& text, const Place& place, std::string_view where,
                                std::string_view of_first_line);

}  // namespace albert::tasks
