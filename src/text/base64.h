#pragma once

#include <string>
#include <string_view>

namespace albert::text {

/// Base64 with padding (RFC 4648, section 4).
std::string to_base64(std::string_view bytes);
/// The way back.
/// Throws ModelError for what is no Base64.
std::string from_base64(std::string_view text);

}  // namespace albert::text
