#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace albert::fuzz {

/// Stands between the files of an input that has several (make_seeds.py).
inline constexpr std::string_view kSeparator = "\n==FILE==\n";

inline std::vector<std::string> parts_of(std::string_view input) {
  std::vector<std::string> parts;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = input.find(kSeparator);
    parts.emplace_back(input.substr(0, end));
    if (end != std::string_view::npos) input.remove_prefix(end + kSeparator.size());
  }
  return parts;
}

/// A folder that is gone when the input is read.
class Folder {
 public:
  explicit Folder(std::filesystem::path path) : path_(std::move(path)) { std::filesystem::remove_all(path_); }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// \param name may lie in a folder below
  void write(const std::filesystem::path& name, std::string_view content) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
  }

 private:
  std::filesystem::path path_;
};

}  // namespace albert::fuzz
