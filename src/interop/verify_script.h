#pragma once

#include <string_view>

namespace albert::interop {

/// The text of verify.py, which the build takes into the program.
std::string_view verify_script();

}  // namespace albert::interop
