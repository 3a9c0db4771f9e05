#pragma once

#include <exception>
#include <string>

namespace albert::parallel {

/// What LibTorch says of an error: its first line. The places in its sources stand below.
inline std::string libtorch_message(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

}  // namespace albert::parallel
