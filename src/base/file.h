#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace albert {

namespace fs = std::filesystem;

/// The whole file as bytes. Throws IoError.
std::string read_file(const fs::path& path);

/// 128-bit XXH3 of a stream of bytes: finds any flipped, missing or added byte; not a defence against an adversary.
class Checksum {
 public:
  Checksum();
  ~Checksum();
  Checksum(Checksum&&) noexcept;
  Checksum& operator=(Checksum&&) noexcept;

  void update(std::string_view bytes);
  /// Of what was given so far, as 32 hexadecimal digits.
  std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string checksum_of(std::string_view bytes);
/// Reads the file in pieces: memory does not grow with its size. Throws IoError.
std::string checksum_of_file(const fs::path& path);

/// A file being written. Every failed call throws IoError with the path and the system's reason; nothing is silently
/// short.
class FileWriter {
 public:
  enum class Mode { kTruncate, kAppend };

  explicit FileWriter(fs::path path, Mode mode = Mode::kTruncate);
  ~FileWriter();  ///< closes without checking: call close() to know that the bytes are on the disk
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  void write(std::string_view bytes);
  /// Hands buffered bytes to the system, where other processes see them.
  void flush();
  /// Flushes, syncs to the disk and closes.
  void close();

  std::uint64_t size_bytes() const { return size_bytes_; }  ///< written through this object
  const fs::path& path() const { return path_; }

 private:
  void write_through(std::string_view bytes);

  fs::path path_;
  int descriptor_ = -1;
  std::string buffer_;
  std::uint64_t size_bytes_ = 0;
};

/// Writes to a temporary file beside the destination, syncs, and renames it into place: readers see the old content or
/// the new one. What a symbolic link points at is replaced, not the link; a device or a pipe is written to.
void write_file_atomically(const fs::path& destination, std::string_view bytes);

/// A folder that appears whole or not at all. Fill `temporary()`, then `commit()`; without a commit the destructor
/// removes it. A leftover of a killed process (`.NAME.partial`) is removed by the next one that writes the same folder.
/// The temporary folder is locked, so that two processes never write into the same one.
class AtomicFolder {
 public:
  /// Throws UsageError if another process is writing the same folder, or if the destination cannot be replaced: the
  /// current folder, a mounted file system; IoError.
  explicit AtomicFolder(const fs::path& destination);
  ~AtomicFolder();
  AtomicFolder(const AtomicFolder&) = delete;
  AtomicFolder& operator=(const AtomicFolder&) = delete;

  const fs::path& temporary() const { return temporary_; }
  /// Syncs every file in the folder and renames it to the destination, which is replaced if it exists.
  void commit();

 private:
  void lock();
  void replace_in_two_steps();

  fs::path destination_;  ///< canonical
  fs::path temporary_;
  int descriptor_ = -1;  ///< of the temporary folder, for its lock
  bool committed_ = false;
};

/// A file mapped for reading. Empty files map to an empty span.
class MappedFile {
 public:
  explicit MappedFile(fs::path path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  std::span<const std::byte> bytes() const { return {data_, size_}; }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

/// An exclusive lock on a folder, held while the object lives; given back by the system if the process dies.
class FolderLock {
 public:
  /// Throws UsageError naming the process that holds the lock, if there is one.
  explicit FolderLock(const fs::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace albert
