#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
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

/// The part of the examples that is for evaluation, where files serve training too: those whose hash, a number from 0
/// to below 1, is in [begin, end).
struct Share {
  double begin = 0;
  double end = 0;
  /// Whether the ranks of the hashes count, divided by their number: shares of equal width are of equal size then, but
  /// an example may change its share when others come.
  bool of_ranks = false;

  bool is_empty() const { return end <= begin; }
};

/// What is read of a data set.
struct Source {
  std::filesystem::path file;
  Part part = Part::kTest;
  Share held_out = {};       ///< empty: the file is read whole
  bool keeps_texts = false;  ///< also once they are encoded: see DataSet::findings()
};

/// The part that the name of a file says it holds: as files_of_part(), or else at the beginning ("dev-00001.tsv").
std::optional<Part> named_part(const std::filesystem::path& file);

/// How files that serve both training and evaluation are divided: by the examples' content alone, the same at every
/// reading, in whatever order. Examples alike stay together. If none falls into a share that begins at 0, the one with
/// the smallest hash does.
/// \param contents what the examples are known by
/// \param source the first of the files, with a share
/// \return [contents], whether it belongs to the part. Throws DataError if none does.
std::vector<bool> choose_share(std::span<const std::string> contents, const Source& source);

/// What a log says of the examples that a file keeps for its other part: "; 12 kept for the other one of training and
/// evaluation", or nothing.
std::string describe_share(std::size_t num_taken);

}  // namespace albert::tasks
