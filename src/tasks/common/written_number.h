#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "tasks/common/place.h"

namespace albert::tasks {

/// A finite number as people and programs write one, also with a plus sign and with spaces around it; nothing for
/// another text.
std::optional<double> written_number(std::string_view text);

/// What a message advises where only who reads the text knows it, each "; do this" or empty.
struct NumberAdvice {
  std::string missing = {};     ///< if there is no value: an empty text, "nan", "n/a"
  std::string first_line = {};  ///< if it is of the first line, which may name the columns
};

/// NumberAdvice::missing for a label.
inline constexpr const char* kAdviceWithoutLabel = "; a row without a number is nothing to learn from: remove it";

/// Says that a text is no number, and what to do about it where that is known: signs between thousands, a decimal
/// comma, another minus sign, a percent sign.
/// \param where "in the label column", or empty
[[noreturn]] void refuse_number(const std::string& text, const Place& place, std::string_view where,
                                const NumberAdvice& advice);

}  // namespace albert::tasks
