#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace albert {

/// Appends a number in JSON with the fewest digits that tell it from its neighbours.
/// \param number finite
void append_json(float number, std::string& out);

/// Appends "[0.25,-1e-05]".
void append_json(std::span<const float> numbers, std::string& out);

/// Appends a list whose elements a function appends.
template <typename Append>
void append_list(std::size_t count, std::string& out, const Append& append) {
  out += '[';
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += ',';
    append(i);
  }
  out += ']';
}

}  // namespace albert
