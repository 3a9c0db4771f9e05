#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The parts of a data set: what their files are called, and how one file serves two parts.
namespace albert::tasks {

enum class Part { kTrain, kDevelopment, kTest };

/// "training", "development" or "test".
std::string_view name_of(Part part);

/// The names that stand for a part.
const std::vector<std::string_view>& stems_of(Part part);

/// The files of a folder whose names say that they hold a part: train, training; dev, valid, validation, val; test;
/// alone ("dev.jsonl") or at the end of a name ("ARC-Easy-Dev.csv", "easy_dev.csv"). Sorted.
/// \param extensions with their dots
std::vector<std::filesystem::path> files_of_part(const std::filesystem::path& folder, Part part,
                                                 const std::vector<std::string>& extensions);

/// What is read of a data set.
struct Source {
  std::filesystem::path file;
  Part part = Part::kTest;
  /// Where the file serves both training and evaluation: the share of its examples that is for evaluation. 0: the file
  /// is read whole.
  double held_out = 0;
};

/// How a file that serves both training and evaluation is divided: by the examples' content alone, the same at every
/// reading, in whatever order. Examples alike stay together. If none falls under the share for evaluation, the one with
/// the smallest hash does.
/// \param contents what the examples are known by
/// \param source with a share above 0
/// \return [contents], whether it belongs to the part. Throws DataError if none does.
std::vector<bool> choose_share(std::span<const std::string> contents, const Source& source);

/// What a log says of the examples that a file keeps for its other part: "; 12 kept for the other one of training and
/// evaluation", or nothing.
std::string describe_share(std::size_t num_taken);

}  // namespace albert::tasks
