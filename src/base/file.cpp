#include "base/file.h"

#include <array>
#include <cerrno>
#include <limits>
#include <utility>

#include <linux/magic.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include "base/error.h"
#include "base/log.h"
#include "base/shown.h"
#include "base/signals.h"
#include "base/system_call.h"
#include "base/whole_read.h"

namespace albert {

namespace {

constexpr std::size_t kBufferBytes = 1 << 20;
/// What is read at a time: most files are small, and a larger buffer would take longer to make ready than they to read.
constexpr std::size_t kPieceBytes = std::size_t{64} << 10;

/// Whether a pipe has no name in a file system, as what a shell starts a process with.
bool is_anonymous_pipe(int descriptor) {
  struct statfs system {};
  return ::fstatfs(descriptor, &system) == 0 && system.f_type == PIPEFS_MAGIC;
}

/// What keeps a file from being read to its end; empty if nothing does.
std::string_view find_obstacle(int descriptor, const struct stat& status) {
  const dev_t null_device = ::makedev(1, 3);
  const bool is_null = S_ISCHR(status.st_mode) && status.st_rdev == null_device;
  if (S_ISREG(status.st_mode) || is_null || is_anonymous_pipe(descriptor) || ::isatty(descriptor) == 1) return {};
  if (S_ISDIR(status.st_mode)) return "a folder";
  if (S_ISFIFO(status.st_mode)) return "a named pipe (FIFO); write it to a file first, or pass <(command)";
  return "a device";
}

/// Lets reads and writes wait again, as they do in a process that never asked for anything else.
void let_it_wait(int descriptor) {
  ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
}

void check_size(const fs::path& path, std::uint64_t size_bytes, std::uint64_t max_bytes) {
  if (size_bytes <= max_bytes) return;
  throw IoError("cannot read {}: expected at most {} bytes, found more; is it the right file?", path.string(),
                max_bytes);
}

/// Never waits for somebody to read a pipe.
int open_to_write(const fs::path& path, bool appends) {
  // What is appended to is a file of ours, and no link to something else.
  Descriptor file(path, O_WRONLY | O_CREAT | O_NONBLOCK | (appends ? O_APPEND | O_NOFOLLOW : O_TRUNC));
  let_it_wait(file.value());
  return file.release();
}

}  // namespace

Descriptor open_to_read(const fs::path& path, NamedPipes named_pipes) {
  Descriptor file(path, O_RDONLY | O_NONBLOCK);
  struct stat status {};
  if (::fstat(file.value(), &status) != 0) throw IoError::from_errno(fmt::format("cannot read {}", path.string()));
  const bool is_polled = named_pipes == NamedPipes::kPolled;
  if (is_polled && S_ISFIFO(status.st_mode)) return file;
  if (const std::string_view obstacle = find_obstacle(file.value(), status); !obstacle.empty()) {
    throw IoError("cannot read {}: expected a file, found {}", path.string(), obstacle);
  }
  if (!is_polled) let_it_wait(file.value());
  refuse_git_lfs_pointer(file.value(), path);
  return file;
}

void refuse_git_lfs_pointer(int descriptor, const fs::path& path) {
  constexpr std::string_view kBegin = "version https://git-lfs.github.com/spec/", kSize = "\nsize ";
  constexpr std::size_t kMostBytes = 1024;  // by its specification
  std::array<char, kMostBytes> buffer{};
  const ssize_t size = ::pread(descriptor, buffer.data(), buffer.size(), 0);  // fails for pipes, which are none
  if (size <= 0) return;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(size));
  const std::size_t place = text.starts_with(kBegin) ? text.find(kSize) : std::string_view::npos;
  if (place == std::string_view::npos) return;
  const std::string_view after = text.substr(place + kSize.size());
  throw IoError(
      "{}: expected the file itself, found what Git LFS leaves in its place until it is fetched ({} bytes); run "
      "`git lfs pull` in the folder, or fetch the file anew",
      path.string(), printable(after.substr(0, after.find('\n'))));
}

bool is_there(const fs::path& path) {
  std::error_code error;
  if (fs::exists(path, error)) return true;
  if (!fs::is_symlink(path, error)) return false;
  throw IoError("{} is a link to {}, which is not there", path.string(), fs::read_symlink(path, error).string());
}

void make_folder(const fs::path& folder) {
  const std::error_code error = uninterrupted([&](std::error_code& result) { fs::create_directories(folder, result); });
  if (!error) return;
  errno = error.value();
  throw IoError::from_errno(fmt::format("cannot create the folder {}", folder.string()));
}

namespace {

/// \param left in the end, and after an error, what is not written
void write_rest(int descriptor, std::string_view& left, const fs::path& path, std::optional<off_t> offset) {
  while (!left.empty()) {
    const ssize_t n = uninterrupted([&] {
      return offset ? ::pwrite(descriptor, left.data(), left.size(), *offset)
                    : ::write(descriptor, left.data(), left.size());
    });
    if (n < 0 && errno == EAGAIN) {  // a pipe that whoever started this has made so
      pollfd waiting{.fd = descriptor, .events = POLLOUT, .revents = 0};
      ::poll(&waiting, 1, -1);
      continue;
    }
    if (n < 0) throw IoError::from_errno(fmt::format("cannot write {}", path.string()));
    left.remove_prefix(static_cast<std::size_t>(n));
    if (offset) *offset += n;
  }
}

}  // namespace

void write_whole(int descriptor, std::string_view bytes, const fs::path& path, std::optional<off_t> offset) {
  write_rest(descriptor, bytes, path, offset);
}

std::string read_file(const fs::path& path, std::uint64_t max_bytes) {
  std::error_code ignored;
  if (fs::is_regular_file(path, ignored)) check_size(path, fs::file_size(path), max_bytes);
  const Descriptor file = open_to_read(path);
  std::string content;
  for_each_piece(file.value(), path, max_bytes, [&](std::string_view piece) { content.append(piece); });
  return content;
}

void for_each_piece(const fs::path& path, const std::function<void(std::string_view)>& consume) {
  const Descriptor file = open_to_read(path);
  for_each_piece(file.value(), path, std::numeric_limits<std::uint64_t>::max(), consume);
}

// The signal that asks to stop may come to this thread,
// and interrupt poll(), or to another one, so the request is looked at after every wait. What else poll() may fail
// with, read() will tell.
void wait_for_data(int descriptor, const fs::path& path, bool& has_told) {
  constexpr int kMillisecondsBetweenLooks = 100;
  constexpr int kLooksWithoutAWord = 20;
  pollfd waiting{.fd = descriptor, .events = POLLIN, .revents = 0};
  for (int num_looks = 0;; ++num_looks) {
    if (num_looks == kLooksWithoutAWord && !std::exchange(has_told, true)) {
      log_info("waiting for what is written to {}", path.string());
    }
    const int num_ready = ::poll(&waiting, 1, kMillisecondsBetweenLooks);
    if (num_ready > 0 || (num_ready < 0 && errno != EINTR)) return;
    if (const int signal = StopRequest::signal())
      throw Error(ExitCode{128 + signal}, fmt::format("stopped by a signal while waiting for {}", path.string()));
  }
}

void for_each_piece(int descriptor, const fs::path& path, std::uint64_t max_bytes,
                    const std::function<void(std::string_view)>& consume) {
  std::string buffer(kPieceBytes, '\0');
  std::uint64_t size_bytes = 0;
  const WholeRead whole(descriptor);
  bool has_told = false;
  for (;;) {
    wait_for_data(descriptor, path, has_told);
    const ssize_t n = ::read(descriptor, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw IoError::from_errno(fmt::format("cannot read {}", path.string()));
    if (n == 0) return whole.check(descriptor, path);
    size_bytes += static_cast<std::uint64_t>(n);
    check_size(path, size_bytes, max_bytes);
    consume(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
  }
}

FileWriter::FileWriter(fs::path path, Mode mode)
    : path_(std::move(path)), descriptor_(open_to_write(path_, mode == Mode::kAppend)) {
  buffer_.reserve(kBufferBytes);
}

FileWriter::FileWriter(fs::path path, int descriptor)
    : path_(std::move(path)), descriptor_(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0)) {
  if (descriptor_ < 0) throw IoError::from_errno(fmt::format("cannot write {}", path_.string()));
  buffer_.reserve(kBufferBytes);
}

FileWriter::~FileWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void FileWriter::write(std::string_view bytes) {
  size_bytes_ += bytes.size();
  if (buffer_.size() + bytes.size() > kBufferBytes) flush();
  if (bytes.size() > kBufferBytes) {
    write_whole(descriptor_, bytes, path_);
  } else {
    buffer_.append(bytes);
  }
}

void FileWriter::flush() {
  std::string_view left = buffer_;
  try {
    write_rest(descriptor_, left, path_, std::nullopt);
  } catch (const IoError&) {
    buffer_.erase(0, buffer_.size() - left.size());
    throw;
  }
  buffer_.clear();
}

void FileWriter::close() {
  flush();
  if (uninterrupted([&] { return ::fsync(descriptor_); }) != 0 && errno != EINVAL)
    throw IoError::from_errno(fmt::format("cannot sync {}", path_.string()));
  const int descriptor = std::exchange(descriptor_, -1);
  // The descriptor is closed, and the bytes are on the disk, also where a signal interrupts that.
  if (::close(descriptor) != 0 && errno != EINTR)
    throw IoError::from_errno(fmt::format("cannot close {}", path_.string()));
}

}  // namespace albert
