#pragma once

#include <string>

#include <spdlog/fmt/fmt.h>

namespace albert::tasks {

/// What a message advises whoever may say what a file is like. Empty where nothing may be said, as of layouts that are
/// fixed: a message advises nothing that is not possible.
/// \param settings what the keys of the settings begin with ("task.text."); empty: there are none
/// \param text with {} before the name of a setting: "; see {}encoding"
inline std::string advice(const std::string& settings, fmt::format_string<const std::string&> text) {
  return settings.empty() ? std::string() : fmt::format(text, settings);
}

}  // namespace albert::tasks
