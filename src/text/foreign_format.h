#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace albert::text {

/// A format that is no text, and that people hand over by mistake.
struct ForeignFormat {
  std::string_view name;    ///< "a PDF"
  std::string_view magic;   ///< the bytes by which it is known
  std::string_view advice;  ///< how to make text of it
  std::size_t offset = 0;   ///< where they stand
};

/// The format of a file that begins so, if it is one of these.
std::optional<ForeignFormat> find_foreign_format(std::string_view bytes);

/// Why a line or record of a stream is no text, and what to do, if it is not valid UTF-8 or has a NUL byte.
std::optional<std::string> why_no_text(std::string_view line);

}  // namespace albert::text
