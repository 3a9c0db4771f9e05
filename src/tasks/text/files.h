#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "tasks/task.h"
#include "tasks/text/config.h"
#include "tasks/text/record.h"

namespace albert::tasks {

/// The files of a text task: where they are, and what each holds for each part.
///
/// GLUE's have the names that they are distributed with. One's own are found in a folder as train.*, dev.* (also valid,
/// validation) and test.*; any one file does as well.
class TextFiles {
 public:
  /// \param config outlives the object
  explicit TextFiles(const TextConfig& config) : config_(config) {}

  /// See Task::files_in and Task::expected_files.
  std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder, Part part) const;
  std::string expected_files(Part part) const;

  struct Rows {
    TextFile file;
    std::size_t num_of_other_part = 0;  ///< rows of a divided file that are not here: see keep_share()
  };
  Rows read(const Source& source) const;
  /// All rows, whichever part they belong to.
  TextFile read_whole(const std::filesystem::path& file, bool need_labels) const;

  TextFormat format_of(const std::filesystem::path& file) const;
  /// Whether tables begin with the names of their columns; some of GLUE's do and some do not, streams of them do.
  bool has_header() const;
  /// The columns, or fields of JSON objects, by the names that a stream may give them.
  TextColumns stream_columns() const;

 private:
  TextFile read_part(const std::filesystem::path& file, Part part) const;
  std::vector<std::filesystem::path> own_files_in(const std::filesystem::path& folder, Part part) const;

  const TextConfig& config_;
};

}  // namespace albert::tasks
