#include "tasks/common/parts.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>

#include <spdlog/fmt/fmt.h>

#include "base/checksum.h"
#include "base/counted.h"
#include "base/error.h"

namespace albert::tasks {

namespace {

/// The name of a file without its extension, in small letters.
std::string stem_of(const fs::path& file) {
  std::string name = file.stem().string();
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 'a' - 'A') : c; });
  return name;
}

bool is_between_words(char c) {
  return std::string_view("-_.").find(c) != std::string_view::npos;
}

/// Whether a file's name says that it holds a part: see files_of_part().
bool names_part(const fs::path& file, Part part) {
  const std::string name = stem_of(file);
  return std::ranges::any_of(stems_of(part), [&](std::string_view stem) {
    if (!name.ends_with(stem)) return false;
    return name.size() == stem.size() || is_between_words(name[name.size() - stem.size() - 1]);
  });
}

/// The same at the beginning of the name, as "dev-00001.tsv".
bool begins_with_part(const fs::path& file, Part part) {
  const std::string name = stem_of(file);
  return std::ranges::any_of(stems_of(part), [&](std::string_view stem) {
    return name.starts_with(stem) && name.size() > stem.size() && is_between_words(name[stem.size()]);
  });
}

/// Uniform in [0, 1).
double position_of(std::string_view content) {
  std::uint32_t number = 0;
  const std::string digits = checksum_of(content).substr(0, 8);
  std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return number * 0x1p-32;
}

/// The ranks of numbers among the different ones, divided by how many these are.
std::vector<double> ranks_of(const std::vector<double>& numbers) {
  const std::set<double> different(numbers.begin(), numbers.end());
  std::map<double, double> rank_of;
  double rank = 0;
  for (const double number : different) rank_of[number] = rank++ / static_cast<double>(different.size());
  std::vector<double> ranks;
  ranks.reserve(numbers.size());
  for (const double number : numbers) ranks.push_back(rank_of.at(number));
  return ranks;
}

/// Throws if one of the folds would be empty, whichever is asked for: the first run is to find it, not the last.
void check_folds(std::span<const std::string> contents, const Source& source) {
  const auto num_folds = static_cast<std::size_t>(std::lround(1 / (source.held_out.end - source.held_out.begin)));
  const std::set<std::string_view> different(contents.begin(), contents.end());
  if (different.size() >= num_folds) return;
  throw DataError("{}: expected at least an example for each of the {} folds, found {} ({} of which no two are alike)",
                  source.file.string(), num_folds, counted(contents.size(), "example"), different.size());
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

std::optional<Part> named_part(const fs::path& file) {
  for (const auto is_named : {names_part, begins_with_part}) {
    for (const Part part : {Part::kTrain, Part::kDevelopment, Part::kTest}) {
      if (is_named(file, part)) return part;
    }
  }
  return std::nullopt;
}

std::vector<bool> choose_share(std::span<const std::string> contents, const Source& source) {
  if (source.held_out.of_ranks) check_folds(contents, source);
  std::vector<double> positions(contents.size());
  std::ranges::transform(contents, positions.begin(), position_of);
  if (source.held_out.of_ranks) positions = ranks_of(positions);
  const double smallest = positions.empty() ? 0 : *std::ranges::min_element(positions);
  const Share& share = source.held_out;
  std::vector<bool> is_of_part;
  is_of_part.reserve(contents.size());
  for (const double position : positions) {
    const bool is_in_share = position >= share.begin && position < share.end;
    const bool is_held_out = is_in_share || (share.begin == 0 && position == smallest);
    is_of_part.push_back(is_held_out == (source.part == Part::kDevelopment));
  }
  if (std::ranges::find(is_of_part, true) != is_of_part.end()) return is_of_part;
  throw DataError(
      "{}: with a share of {:g} held out for evaluation (task.held_out, task.folds) nothing of its {} is left for {}: "
      "examples alike stay together; give more examples, fewer folds or another share, or a folder with a file for "
      "training and one for evaluation",
      source.file.string(), share.end - share.begin, counted(contents.size(), "example"), name_of(source.part));
}

std::string describe_share(std::size_t num_taken) {
  return num_taken == 0 ? "" : fmt::format("; {} kept for the other one of training and evaluation", num_taken);
}

}  // namespace albert::tasks
