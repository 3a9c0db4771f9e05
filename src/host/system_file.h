#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Reading of what the kernel says of itself in small files of text.
namespace albert::host {

/// The whole file; empty if it is not there, or cannot be read.
std::string read_system_file(const std::filesystem::path& path);

/// Without blanks and ends of lines at both ends.
std::string_view trimmed(std::string_view text);
/// Both point into the text.
std::vector<std::string_view> lines_of(std::string_view text);
std::vector<std::string_view> words_of(std::string_view text);

/// Nothing for what is no number of digits alone, or a larger one than 64 bits hold: "max", "-1".
std::optional<std::uint64_t> to_number(std::string_view text);

}  // namespace albert::host
