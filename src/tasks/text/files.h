#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tasks/kind.h"
#include "tasks/text/record.h"
#include "tasks/text/settings.h"

namespace albert::tasks {

/// The files of a text task: where they are, and what each holds for each part.
///
/// GLUE's have the names that they are distributed with. One's own are found in a folder as train.*, dev.* (also valid,
/// validation) and test.*; any one file does as well.
class TextFiles {
 public:
  /// \param settings outlive the object
  explicit TextFiles(const TextSettings& settings) : settings_(settings) {}

  /// See Task::files_in and Task::expected_files.
  std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder, Part part) const;
  std::string expected_files(Part part) const;

  /// All rows, whichever part they belong to, here and below. Numbers in the place of GLUE's labels get their names.
  TextFile read(const Source& source) const;
  TextFile read_whole(const std::filesystem::path& file, bool need_labels) const;
  /// The records of labelled files.
  std::vector<TextRecord> read_all(const std::vector<std::filesystem::path>& files) const;

  TextFormat format_of(const std::filesystem::path& file) const;
  /// Whether tables begin with the names of their columns; some of GLUE's do and some do not, streams of them do.
  bool have_header() const;
  /// The columns of tables, or the fields of JSON objects.
  TextColumns columns() const;

 private:
  TextFile read_with(const TextFormat& format, const std::filesystem::path& file, bool need_labels) const;
  std::vector<std::filesystem::path> own_files_in(const std::filesystem::path& folder, Part part) const;

  const TextSettings& settings_;
};

/// What was read, cut and left out of a file of texts, for the log.
/// \param max_length of a sequence in tokens
std::string describe_texts(const TextFile& file, std::size_t num_truncated, const SetCounts& counts,
                           std::int64_t max_length);

}  // namespace albert::tasks
