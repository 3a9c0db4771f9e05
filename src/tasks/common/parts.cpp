#include "tasks/common/parts.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <spdlog/fmt/fmt.h>

#include "base/checksum.h"
#include "base/counted.h"
#include "base/error.h"

namespace albert::tasks {

namespace {

/// Whether a file's name says that it holds a part: see files_of_part().
bool names_part(const fs::path& file, Part part) {
  std::string name = file.stem().string();
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c; });
  return std::ranges::any_of(stems_of(part), [&](std::string_view stem) {
    if (!name.ends_with(stem)) return false;
    return name.size() == stem.size() ||
           std::string_view("-_.").find(name[name.size() - stem.size() - 1]) != std::string_view::npos;
  });
}

/// Uniform in [0, 1).
double position_of(std::string_view content) {
  std::uint32_t number = 0;
  const std::string digits = checksum_of(content).substr(0, 8);
  std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return number * 0x1p-32;
}

}  // namespace

const std::vector<std::string_view>& stems_of(Part part) {
  static const std::vector<std::string_view> kTraining = {"train", "training"};
  static const std::vector<std::string_view> kDevelopment = {"dev", "valid", "validation", "val"};
  static const std::vector<std::string_view> kTest = {"test"};
  return part == Part::kTrain ? kTraining : part == Part::kDevelopment ? kDevelopment : kTest;
}

std::string_view name_of(Part part) {
  return part == Part::kTrain ? "training" : part == Part::kDevelopment ? "development" : "test";
}

std::vector<fs::path> files_of_part(const fs::path& folder, Part part, const std::vector<std::string>& extensions) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path& file = entry.path();
    const bool has_extension = std::ranges::find(extensions, file.extension().string()) != extensions.end();
    if (entry.is_regular_file() && has_extension && names_part(file, part)) files.push_back(file);
  }
  std::ranges::sort(files);
  return files;
}

std::vector<bool> choose_share(std::span<const std::string> contents, const Source& source) {
  std::vector<double> positions(contents.size());
  std::ranges::transform(contents, positions.begin(), position_of);
  const double smallest = positions.empty() ? 0 : *std::ranges::min_element(positions);
  std::vector<bool> is_of_part;
  is_of_part.reserve(contents.size());
  for (const double position : positions) {
    const bool is_held_out = position < source.held_out || position == smallest;
    is_of_part.push_back(is_held_out == (source.part == Part::kDevelopment));
  }
  if (std::ranges::find(is_of_part, true) != is_of_part.end()) return is_of_part;
  throw DataError(
      "{}: with a share of {} held out for evaluation (task.held_out) nothing of its {} is left for {}: examples alike "
      "stay together; give a folder with a file for training and one for evaluation, or set task.held_out to 0",
      source.file.string(), source.held_out, counted(contents.size(), "example"), name_of(source.part));
}

std::string describe_share(std::size_t num_taken) {
  return num_taken == 0 ? "" : fmt::format("; {} kept for the other one of training and evaluation", num_taken);
}

}  // namespace albert::tasks
