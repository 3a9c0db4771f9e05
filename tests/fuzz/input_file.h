#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.h"

namespace albert::fuzz {

/// Stands between the files of an input that has several (make_seeds.py).
inline constexpr std::string_view kSeparator = "\n==FILE==\n";

/// At least one.
std::vector<std::string_view> parts_of(std::string_view input);

/// A file below the current folder that is written anew for each input. It stays open: to make a file takes longer than to
/// read one.
class InputFile {
 public:
  /// \param path relative; its folders are made
  explicit InputFile(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  void write(std::string_view content);
  void remove();

 private:
  std::filesystem::path path_;
  std::optional<Descriptor> file_;
  std::string content_;
};

/// Writes the parts of an input to files. A file without a part is not there.
void write_parts(std::span<InputFile> files, std::span<const std::string_view> parts);

}  // namespace albert::fuzz
