#include "base/temporary_entry.h"

#include <cerrno>
#include <cstdint>
#include <random>
#include <vector>

#include <sys/file.h>
#include <sys/stat.h>

#include "base/error.h"

namespace albert {

namespace {

constexpr std::size_t kNumDigits = 16;
constexpr std::string_view kDigits = "0123456789abcdef";
/// Of the destination's name, so that the whole of it is no longer than file systems take (255 bytes).
constexpr std::size_t kMaxNameBytes = 220;

std::string name_part(const fs::path& destination) {
  return destination.filename().string().substr(0, kMaxNameBytes);
}

/// Where the file system has no such bit, there is no mark.
void set_mark(int descriptor, bool is_set) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return;
  const mode_t mode = status.st_mode & 07777U & ~static_cast<mode_t>(S_ISVTX);
  [[maybe_unused]] const int ignored = ::fchmod(descriptor, is_set ? mode | S_ISVTX : mode);
}

int open_leftover(const fs::path& path) {
  return ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

enum class Left { kForeign, kAlive, kDead };

/// What an entry with a temporary name is. Where the file system knows no locks, or no sticky bit, none is dead.
Left state_of(const fs::path& path) {
  const int descriptor = open_leftover(path);
  if (descriptor < 0) return Left::kForeign;
  struct stat status {};
  Left left = Left::kForeign;
  const bool is_ours = ::fstat(descriptor, &status) == 0 && status.st_uid == ::geteuid() &&
                       (status.st_mode & S_ISVTX) != 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
  if (is_ours && ::flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
    left = Left::kDead;
  } else if (is_ours && errno == EWOULDBLOCK) {
    left = Left::kAlive;
  }
  ::close(descriptor);
  return left;
}

/// The entries of the destination's folder with a temporary name for it.
std::vector<fs::path> entries_for(const fs::path& destination) {
  std::vector<fs::path> found;
  std::error_code ignored;  // a folder that may be written to but not listed
  for (const auto& entry : fs::directory_iterator(destination.parent_path(), ignored)) {
    const auto name = parse_temporary_name(entry.path().filename().string());
    if (name && name->extension == "partial" && name->original == name_part(destination)) {
      found.push_back(entry.path());
    }
  }
  return found;
}

void remove_leftovers(const fs::path& destination) {
  for (const fs::path& path : entries_for(destination)) {
    std::error_code ignored;
    if (state_of(path) == Left::kDead) fs::remove_all(path, ignored);
  }
}

/// Throws UsageError if another process has an entry for the destination.
void refuse_others(const fs::path& destination, const fs::path& own) {
  for (const fs::path& path : entries_for(destination)) {
    if (path == own || state_of(path) != Left::kAlive) continue;
    throw UsageError("another process is writing {}; wait for it to end, or name another folder", destination.string());
  }
}

}  // namespace

void mark_leftover(const fs::path& path) {
  const int descriptor = open_leftover(path);
  if (descriptor < 0) return;
  set_mark(descriptor, true);
  ::close(descriptor);
}

fs::path temporary_name(const fs::path& destination, std::string_view extension) {
  std::random_device random;
  const std::uint64_t number = (std::uint64_t{random()} << 32) | random();
  return destination.parent_path() / fmt::format(".{}.{:016x}.{}", name_part(destination), number, extension);
}

std::optional<TemporaryName> parse_temporary_name(std::string_view name) {
  const std::size_t last = name.rfind('.');
  if (!name.starts_with('.') || last == std::string_view::npos || last < kNumDigits + 3) return std::nullopt;
  const std::size_t dot = last - kNumDigits - 1;
  const std::string_view digits = name.substr(dot + 1, kNumDigits);
  const std::string_view extension = name.substr(last + 1);
  const bool is_number = digits.find_first_not_of(kDigits) == std::string_view::npos;
  if (name[dot] != '.' || !is_number || (extension != "partial" && extension != "old")) return std::nullopt;
  return TemporaryName{std::string(name.substr(1, dot - 1)), std::string(extension)};
}

TemporaryEntry::TemporaryEntry(const fs::path& destination, Kind kind)
    : TemporaryEntry(temporary_name(destination, "partial")) {
  remove_leftovers(destination);
  create(kind);
  if (kind == Kind::kFolder) refuse_others(destination, path_);  // who comes later sees this one
}

TemporaryEntry::~TemporaryEntry() {
  std::error_code ignored;
  if (!released_) fs::remove_all(path_, ignored);
}

/// Locks it before it is marked, so that whoever finds it marked and not locked knows that its writer is dead.
void TemporaryEntry::create(Kind kind) {
  live_.emplace(path_.string());
  if (kind == Kind::kFolder) {
    if (::mkdir(path_.c_str(), 0777) != 0) throw IoError::from_errno(fmt::format("cannot create {}", path_.string()));
    descriptor_.emplace(path_, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  } else {
    descriptor_.emplace(path_, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW);
  }
  ::flock(descriptor_->value(), LOCK_EX | LOCK_NB);
  set_mark(descriptor_->value(), true);
}

void TemporaryEntry::release() {
  released_ = true;
  live_.reset();
  set_mark(descriptor_->value(), false);
}

}  // namespace albert
