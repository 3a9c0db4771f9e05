#include "base/temporary_entry.h"

#include <cerrno>
#include <cstdint>
#include <random>
#include <vector>

#include <sys/file.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/system_call.h"

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

/// What an entry with a temporary name is, which is locked from now on if it is dead. Where the file system knows no
/// locks, or no sticky bit, none is dead.
/// \param descriptor of the entry; -1 for one that cannot be opened
Left state_of(int descriptor) {
  struct stat status {};
  const bool is_ours = ::fstat(descriptor, &status) == 0 && status.st_uid == ::geteuid() &&
                       (status.st_mode & S_ISVTX) != 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
  if (!is_ours) return Left::kForeign;
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return Left::kDead;
  return errno == EWOULDBLOCK ? Left::kAlive : Left::kForeign;
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
    const Descriptor entry(open_leftover(path));
    if (state_of(entry.value()) == Left::kDead) fs::remove_all(path, ignored);
  }
}

/// Throws UsageError if another process has an entry for the destination.
void refuse_others(const fs::path& destination, const fs::path& own) {
  for (const fs::path& path : entries_for(destination)) {
    const Descriptor entry(path == own ? -1 : open_leftover(path));
    if (state_of(entry.value()) != Left::kAlive) continue;
    throw UsageError("another process is writing {}; wait for it to end, or name another output", destination.string());
  }
}

/// Makes an entry that is marked from the beginning: a kill leaves none that is not.
/// \return its descriptor; -1 if it is gone already
/// Throws IoError.
int make_marked(const fs::path& path, TemporaryEntry::Kind kind) {
  const std::string action = fmt::format("cannot create {}", path.string());
  constexpr int kFlags = O_NOFOLLOW | O_CLOEXEC;
  if (kind == TemporaryEntry::Kind::kFile) {
    const int file =
        uninterrupted([&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | kFlags, 0644 | S_ISVTX); });
    if (file < 0) throw IoError::from_errno(action);
    return file;
  }
  if (uninterrupted([&] { return ::mkdir(path.c_str(), 0777 | S_ISVTX); }) != 0) throw IoError::from_errno(action);
  const int folder = uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | kFlags); });
  if (folder >= 0 || errno == ENOENT) return folder;
  IoError failure = IoError::from_errno(action);  // there are too many open files
  ::rmdir(path.c_str());
  throw failure;
}

bool is_in_place(int descriptor, const fs::path& path) {
  struct stat opened {
  }, there{};
  return ::fstat(descriptor, &opened) == 0 && ::lstat(path.c_str(), &there) == 0 && opened.st_dev == there.st_dev &&
         opened.st_ino == there.st_ino;
}

}  // namespace

void mark_leftover(const fs::path& path, bool is_leftover) {
  const int descriptor = open_leftover(path);
  if (descriptor < 0) return;
  set_mark(descriptor, is_leftover);
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
  if (released_) return;
  descriptor_.reset();  // removing a folder takes one, and there may be no other
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

/// Whoever finds it marked and not locked takes its writer for dead, and removes it while he has the lock: so the writer
/// looks, once it has the lock, whether what it has made is still there, and else makes another one.
void TemporaryEntry::create(Kind kind) {
  const fs::path destination = path_.parent_path() / parse_temporary_name(path_.filename().string()).value().original;
  for (;; path_ = temporary_name(destination, "partial")) {
    live_.emplace(path_.string());
    descriptor_.emplace(make_marked(path_, kind));
    uninterrupted([&] { return ::flock(descriptor_->value(), LOCK_EX); });  // fails where there are no locks
    if (is_in_place(descriptor_->value(), path_)) break;
  }
  set_mark(descriptor_->value(), true);  // where it was not made so
}

void TemporaryEntry::release() {
  released_ = true;
  live_.reset();
  set_mark(descriptor_->value(), false);
}

}  // namespace albert
