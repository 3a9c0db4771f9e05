#pragma once

#include <cstdint>
#include <string>

#include <spdlog/fmt/fmt.h>

#include "base/shown.h"

/// What messages about records say: where one was read, and what whoever sees the message can do.
namespace albert::tasks {

/// Where a record was read.
struct Place {
  std::string file = {};  ///< "standard input" for a stream
  std::int64_t line = 0;  ///< from 1; 0: the file is not read by lines
  std::string id = {};    ///< of the record in the file, where it has one and no line would find it

  static constexpr std::size_t kShownId = 100;  ///< characters

  /// "dev.tsv:12", or "dev-v2.0.json: question 56ddde6b9a695914005b9628".
  std::string to_string() const {
    const std::string name = printable(file);
    if (line > 0) return fmt::format("{}:{}", name, line);
    return id.empty() ? name : fmt::format("{}: {}", name, shortened(id, kShownId));
  }
};

/// What a message advises whoever may say what a file is like. Nothing where a layout is fixed: a message advises
/// nothing that is not possible.
/// \param settings what the keys of the settings begin with ("task.text."); empty: there are none
/// \param text with {} before the name of a setting: "; see {}encoding"
inline std::string advice(const std::string& settings, fmt::format_string<const std::string&> text) {
  return settings.empty() ? std::string() : fmt::format(text, settings);
}

}  // namespace albert::tasks
