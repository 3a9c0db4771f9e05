#pragma once

#include <string>
#include <string_view>

namespace albert::cli {

/// The commit that the program was built from: "3346281ab", with "-dirty" where files of the checkout had changed.
/// Empty if that is unknown.
std::string_view build_commit();

/// Of that commit: "2026-11-30"; empty if it is unknown.
std::string_view build_date();

/// What `albert --version` prints: the program's version and commit, LibTorch's version, and the instructions that this
/// host computes by; a line each.
std::string version_text();

}  // namespace albert::cli
