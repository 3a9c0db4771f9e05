#pragma once

#include <filesystem>
#include <vector>

#include "datasets/text/record.h"
#include "downstream/downstream.h"
#include "downstream/text/config.h"

namespace albert::downstream {

/// The files of a text task: where they are, and what each holds for each part.
///
/// GLUE's have the names that they are distributed with. One's own are found in a folder as train.*, dev.* (also valid,
/// validation) and test.*; any one file does as well. Where there is no file for evaluation, the training file serves
/// both: a share of its rows, chosen by their content and hence the same every time, is kept from the training. The
/// model remembers that file's name (TextConfig::held_out_of); every other file is read whole.
class TextFiles {
 public:
  /// \param config outlives the object
  explicit TextFiles(const TextConfig& config) : config_(config) {}

  /// See Downstream::find.
  std::vector<std::filesystem::path> find(const std::filesystem::path& path, Part part) const;

  struct Rows {
    datasets::TextFile file;
    std::size_t num_of_other_part = 0;  ///< rows of the file that belong to training or evaluation, and are not here
  };
  Rows read(const std::filesystem::path& file, Part part) const;
  /// All rows, whichever part they belong to.
  datasets::TextFile read_whole(const std::filesystem::path& file, bool need_labels) const;

  /// Whether training on the file has to keep a share of it for evaluation, since there is no other file for that.
  bool must_divide(const std::filesystem::path& training_file) const;

  datasets::TextFormat format_of(const std::filesystem::path& file) const;
  /// The columns, or fields of JSON objects, by the names that a stream may give them.
  datasets::TextColumns stream_columns() const;

 private:
  std::vector<std::filesystem::path> find_own(const std::filesystem::path& folder, Part part) const;
  std::vector<std::filesystem::path> find_glue(const std::filesystem::path& folder, Part part) const;

  const TextConfig& config_;
};

}  // namespace albert::downstream
