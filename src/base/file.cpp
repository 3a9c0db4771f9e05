#include "base/file.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/error.h"

namespace albert {

namespace {

constexpr std::size_t kBufferBytes = 1 << 20;

/// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : value_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {
    if (value_ < 0) throw IoError::from_errno(fmt::format("cannot open {}", path.string()));
  }
  ~Descriptor() { ::close(value_); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int value() const { return value_; }

 private:
  int value_;
};

/// Calls `consume` with successive pieces of the file.
template <typename Consume>
void for_each_piece(const fs::path& path, Consume consume) {
  const Descriptor file(path, O_RDONLY);
  std::string buffer(kBufferBytes, '\0');
  for (;;) {
    const ssize_t n = ::read(file.value(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw IoError::from_errno(fmt::format("cannot read {}", path.string()));
    if (n == 0) return;
    consume(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
  }
}

void sync(const fs::path& path) {
  const Descriptor file(path, O_RDONLY);
  // Some file systems cannot sync a folder and say EINVAL; there is nothing more to do on those.
  if (::fsync(file.value()) != 0 && errno != EINVAL) {
    throw IoError::from_errno(fmt::format("cannot sync {}", path.string()));
  }
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

void rename_over(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    throw IoError::from_errno(fmt::format("cannot rename {} to {}", from.string(), to.string()));
  }
  sync(folder_of(to));
}

/// Whether a file is there that holds no bytes of its own to be replaced: a device, a pipe.
bool is_device(const fs::path& path) {
  return fs::exists(path) && !fs::is_regular_file(path) && !fs::is_directory(path);
}

/// A folder as its name is to be replaced: what a symbolic link points at, "." and "corpus/" by their names. Throws
/// UsageError if its name cannot be given to another one.
fs::path replaceable(const fs::path& folder) {
  fs::path path = fs::weakly_canonical(folder);
  if (path.filename().empty()) path = path.parent_path();
  if (!fs::exists(path)) return path;
  if (fs::equivalent(path, fs::current_path())) {
    throw UsageError("{} is the current folder, which cannot be replaced; name a folder in it", folder.string());
  }
  struct stat inner {};
  struct stat outer {};
  const bool is_mounted =
      ::stat(path.c_str(), &inner) == 0 && ::stat(folder_of(path).c_str(), &outer) == 0 && inner.st_dev != outer.st_dev;
  if (is_mounted) {
    throw UsageError("{} is a mounted file system, which cannot be replaced; name a folder in it", folder.string());
  }
  return path;
}

/// Two folders take each other's names at once. \return false if the file system cannot
bool exchange(const fs::path& one, const fs::path& other) {
  if (::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) == 0) return true;
  if (errno == ENOSYS || errno == EINVAL) return false;
  throw IoError::from_errno(fmt::format("cannot rename {} to {}", one.string(), other.string()));
}

}  // namespace

std::string read_file(const fs::path& path) {
  std::string content;
  for_each_piece(path, [&](std::string_view piece) { content.append(piece); });
  return content;
}

struct Checksum::State {
  XXH3_state_t* xxh3 = XXH3_createState();
  State() { XXH3_128bits_reset(xxh3); }
  ~State() { XXH3_freeState(xxh3); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

Checksum::Checksum() : state_(std::make_unique<State>()) {}
Checksum::~Checksum() = default;
Checksum::Checksum(Checksum&&) noexcept = default;
Checksum& Checksum::operator=(Checksum&&) noexcept = default;

void Checksum::update(std::string_view bytes) {
  XXH3_128bits_update(state_->xxh3, bytes.data(), bytes.size());
}

std::string Checksum::hex() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(state_->xxh3);
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::string checksum_of(std::string_view bytes) {
  Checksum checksum;
  checksum.update(bytes);
  return checksum.hex();
}

std::string checksum_of_file(const fs::path& path) {
  Checksum checksum;
  for_each_piece(path, [&](std::string_view piece) { checksum.update(piece); });
  return checksum.hex();
}

FileWriter::FileWriter(fs::path path, Mode mode)
    : path_(std::move(path)),
      descriptor_(
          ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (mode == Mode::kAppend ? O_APPEND : O_TRUNC), 0644)) {
  if (descriptor_ < 0) throw IoError::from_errno(fmt::format("cannot create {}", path_.string()));
  buffer_.reserve(kBufferBytes);
}

FileWriter::~FileWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void FileWriter::write(std::string_view bytes) {
  size_bytes_ += bytes.size();
  if (buffer_.size() + bytes.size() > kBufferBytes) flush();
  if (bytes.size() > kBufferBytes) {
    write_through(bytes);
  } else {
    buffer_.append(bytes);
  }
}

void FileWriter::flush() {
  write_through(buffer_);
  buffer_.clear();
}

void FileWriter::close() {
  flush();
  if (::fsync(descriptor_) != 0 && errno != EINVAL)
    throw IoError::from_errno(fmt::format("cannot sync {}", path_.string()));
  const int descriptor = std::exchange(descriptor_, -1);
  if (::close(descriptor) != 0) throw IoError::from_errno(fmt::format("cannot close {}", path_.string()));
}

void FileWriter::write_through(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(descriptor_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw IoError::from_errno(fmt::format("cannot write {}", path_.string()));
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void write_file_atomically(const fs::path& destination, std::string_view bytes) {
  if (is_device(destination)) {
    FileWriter file(destination);
    file.write(bytes);
    return file.close();
  }
  const fs::path path = fs::weakly_canonical(destination);
  const fs::path temporary = folder_of(path) / fmt::format(".{}.partial", path.filename().string());
  try {
    FileWriter file(temporary);
    file.write(bytes);
    file.close();
    rename_over(temporary, path);
  } catch (...) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw;
  }
}

AtomicFolder::AtomicFolder(const fs::path& destination) : destination_(replaceable(destination)) {
  temporary_ = folder_of(destination_) / fmt::format(".{}.partial", destination_.filename().string());
  lock();
  std::error_code error;
  for (const auto& leftover : fs::directory_iterator(temporary_, error)) {
    if (!error) fs::remove_all(leftover.path(), error);
  }
  if (!error) return;
  ::close(descriptor_);
  throw IoError("cannot empty {}: {}", temporary_.string(), error.message());
}

/// Makes the temporary folder unless it is there, and locks it.
void AtomicFolder::lock() {
  std::error_code error;
  fs::create_directories(temporary_, error);
  if (error) throw IoError("cannot create {}: {}", temporary_.string(), error.message());
  descriptor_ = ::open(temporary_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor_ < 0) throw IoError::from_errno(fmt::format("cannot open {}", temporary_.string()));
  bool is_free = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
  // Some file systems know no locks of folders: there, as without locks, two processes are kept apart by nothing.
  if (!is_free && errno != EWOULDBLOCK) is_free = true;
  struct stat locked {};
  struct stat named {};
  const bool is_still_there = ::fstat(descriptor_, &locked) == 0 && ::stat(temporary_.c_str(), &named) == 0 &&
                              locked.st_ino == named.st_ino && locked.st_dev == named.st_dev;
  if (is_free && is_still_there) return;
  ::close(descriptor_);
  throw UsageError("another process is writing {}; wait for it to end, or name another folder", destination_.string());
}

AtomicFolder::~AtomicFolder() {
  std::error_code ignored;
  if (!committed_) fs::remove_all(temporary_, ignored);
  ::close(descriptor_);
}

void AtomicFolder::commit() {
  for (const auto& entry : fs::recursive_directory_iterator(temporary_)) sync(entry.path());
  sync(temporary_);
  if (!fs::exists(destination_)) {
    rename_over(temporary_, destination_);
  } else if (exchange(temporary_, destination_)) {
    sync(folder_of(destination_));
    fs::remove_all(temporary_);
  } else {
    replace_in_two_steps();
  }
  committed_ = true;
}

/// Where names cannot be exchanged. A kill in between leaves the old folder as `.NAME.old`.
void AtomicFolder::replace_in_two_steps() {
  const fs::path old = folder_of(destination_) / fmt::format(".{}.old", destination_.filename().string());
  fs::remove_all(old);
  rename_over(destination_, old);
  try {
    rename_over(temporary_, destination_);
  } catch (const IoError&) {
    rename_over(old, destination_);
    throw;
  }
  fs::remove_all(old);
}

MappedFile::MappedFile(fs::path path) : path_(std::move(path)) {
  const Descriptor file(path_, O_RDONLY);
  struct stat status {};
  if (::fstat(file.value(), &status) != 0) throw IoError::from_errno(fmt::format("cannot read {}", path_.string()));
  if (!S_ISREG(status.st_mode)) throw IoError("cannot map {}: expected a regular file", path_.string());
  size_ = static_cast<std::size_t>(status.st_size);
  if (size_ == 0) return;
  void* address = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, file.value(), 0);
  if (address == MAP_FAILED) throw IoError::from_errno(fmt::format("cannot map {}", path_.string()));
  data_ = static_cast<const std::byte*>(address);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)), data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

FolderLock::FolderLock(const fs::path& folder) {
  const fs::path path = folder / ".lock";
  descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0) throw IoError::from_errno(fmt::format("cannot create {}", path.string()));
  // Some file systems know no locks: there two runs are kept apart by nothing.
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    std::array<char, 32> owner{};
    const ssize_t n = ::read(descriptor_, owner.data(), owner.size() - 1);
    ::close(descriptor_);
    throw UsageError("{} is in use by another run (process {}); wait for it to end, or choose another folder",
                     folder.string(), n > 0 ? owner.data() : "unknown");
  }
  const std::string self = std::to_string(::getpid());
  if (::ftruncate(descriptor_, 0) != 0 || ::pwrite(descriptor_, self.data(), self.size(), 0) < 0) {
    const IoError error = IoError::from_errno(fmt::format("cannot write {}", path.string()));
    ::close(descriptor_);
    throw error;
  }
}

FolderLock::~FolderLock() {
  ::close(descriptor_);
}

}  // namespace albert
