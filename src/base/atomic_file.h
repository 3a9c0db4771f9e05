#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/joint_move.h"
#include "base/output.h"
#include "base/temporary_entry.h"

namespace albert {

/// A file that appears whole or not at all: readers see the old content or the new one. What is written goes to a
/// TemporaryEntry beside it, which commit() renames; without a commit the destructor removes it. What a symbolic link
/// points at is replaced, not the link, also if it is not there yet.
class AtomicFile {
 public:
  /// Throws IoError, as every call.
  explicit AtomicFile(const fs::path& destination);

  void write(std::string_view bytes) { writer_->write(bytes); }
  /// Writes over the first bytes, as for a count that is known at the end only.
  void write_over_beginning(std::string_view bytes);
  /// What was written is on the disk, and nothing more is written.
  void close();
  /// Syncs to the disk, and replaces the destination if it exists, whose permissions stay.
  /// \param overwrite otherwise a destination that exists stays, and UsageError is thrown
  void commit(bool overwrite = true);
  /// After close(), the same as a part of several moves; release() once all are done.
  void put(JointMove& move) { move.put(temporary_->path(), destination_); }
  void release() { temporary_->release(); }

  const fs::path& destination() const { return destination_; }

 private:
  fs::path destination_;
  std::optional<TemporaryEntry> temporary_;
  std::optional<FileWriter> writer_;
};

/// Files that take their places together, all or none, once all are whole on the disk.
class AtomicFiles {
 public:
  /// Writes one of them beside its place. Throws IoError.
  void write(const fs::path& destination, std::string_view bytes);
  void commit();

 private:
  std::vector<std::unique_ptr<AtomicFile>> files_;
};

/// Writes a whole file as an AtomicFile; a stream is written to (base/destination.h), a descriptor of this process
/// behind what it has been given before.
/// Throws IoError.
void write_file_atomically(const fs::path& destination, std::string_view bytes);

/// The same for what a command writes, by the rule of base/output.h.
/// Throws UsageError, too.
void write_output_file(const Output& output, std::string_view bytes);

}  // namespace albert
