#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/descriptor.h"

namespace albert {

namespace fs = std::filesystem;

/// What files may hold that are read whole: larger ones are no such files, and would fill the memory.
inline constexpr std::uint64_t kMaxFileBytes = std::uint64_t{4} << 30;
/// The same of JSON that configures something, or the like.
inline constexpr std::uint64_t kMaxConfigBytes = std::uint64_t{64} << 20;

/// What is done with a named pipe (FIFO), which may have no writer.
enum class NamedPipes {
  kRefused,
  kPolled,  ///< for those who poll: reads of what is opened never wait
};

/// Opens a file to be read from its beginning to its end: a regular file, or what a process was started with (standard
/// input, a pipe as in `--gold <(sort gold.tsv)`). Never waits.
/// Throws IoError for what is no file: a folder, a named pipe unless it is polled, a device, which may have no end; and
/// for what only stands for a file of Git LFS.
Descriptor open_to_read(const fs::path& path, NamedPipes named_pipes = NamedPipes::kRefused);

/// Refuses the small text that Git leaves in the place of a file of Git LFS which was not fetched.
/// Throws IoError with the size of the file that it stands for.
/// \param descriptor open for reading; its position stays
void refuse_git_lfs_pointer(int descriptor, const fs::path& path);

/// Whether something is there under a name. A link that leads nowhere is no absence: what should be there is lost.
/// Throws IoError for one.
bool is_there(const fs::path& path);

/// Makes a folder, and those that are to hold it, where they are not there.
/// Throws IoError.
void make_folder(const fs::path& folder);

/// Writes all bytes through a descriptor, which waits where it must.
/// \param path stands for it in messages
/// \param offset where they go in the file; nothing: behind what was written last
/// Throws IoError.
void write_whole(int descriptor, std::string_view bytes, const fs::path& path, std::optional<off_t> offset = {});

/// The whole file as bytes.
/// Throws IoError, also if it is no file, as open_to_read() says, or holds more than `max_bytes`.
std::string read_file(const fs::path& path, std::uint64_t max_bytes = kMaxFileBytes);

/// Calls `consume` with successive pieces of the file.
/// Throws IoError, also if it is no file.
void for_each_piece(const fs::path& path, const std::function<void(std::string_view)>& consume);

/// Waits until a pipe has something to read, or is at its end; returns at once for a file.
/// \param path stands for it in messages
/// \param has_told whether the log has said that this is waited for, which it does after two seconds
/// Throws Error with the exit code 128 + signal if the StopRequest that lives has a signal.
void wait_for_data(int descriptor, const fs::path& path, bool& has_told);

/// Calls `consume` with successive pieces of what is open, to its end. Waits as wait_for_data().
/// \param path stands for it in messages
/// Throws IoError, also if there are more than `max_bytes`.
void for_each_piece(int descriptor, const fs::path& path, std::uint64_t max_bytes,
                    const std::function<void(std::string_view)>& consume);

/// A file being written. Every failed call throws IoError with the path and the system's reason; nothing is silently
/// short.
class FileWriter {
 public:
  enum class Mode { kTruncate, kAppend };

  explicit FileWriter(fs::path path, Mode mode = Mode::kTruncate);
  /// Writes through a descriptor that is open and stays so, for which the path stands in messages.
  FileWriter(fs::path path, int descriptor);
  ~FileWriter();  ///< closes without checking: call close() to know that the bytes are on the disk
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  void write(std::string_view bytes);
  /// Hands buffered bytes to the system, where other processes see them; what it does not take comes next time.
  void flush();
  /// Flushes, syncs to the disk and closes.
  void close();

  std::uint64_t size_bytes() const { return size_bytes_; }  ///< written through this object
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
  int descriptor_ = -1;
  std::string buffer_;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace albert
