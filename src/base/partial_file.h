#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/file.h"

namespace albert {

/// A file too large for memory that appears whole or not at all. What is written goes to `.NAME.partial` beside it,
/// which commit() renames; without a commit the destructor removes it.
class PartialFile {
 public:
  /// Throws IoError, as every call.
  explicit PartialFile(const fs::path& destination);
  ~PartialFile();
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  void write(std::string_view bytes) { writer_->write(bytes); }
  /// Writes over the first bytes, as for a count that is known at the end only.
  void write_over_beginning(std::string_view bytes);
  /// Syncs to the disk, and replaces the destination if it exists.
  void commit();

 private:
  fs::path destination_;
  fs::path temporary_;
  std::optional<FileWriter> writer_;
  bool committed_ = false;
};

}  // namespace albert
