#include "base/mapped_file.h"

#include <csignal>
#include <mutex>
#include <string>
#include <utility>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/error.h"
#include "base/file.h"
#include "base/shown.h"

namespace albert {

/// What is mapped, as the handler of SIGBUS finds it: in a list that changes under a lock, for which a handler cannot
/// wait. The process that it is called in ends anyway.
struct MappedFile::Region {
  Region(const std::byte* data, std::size_t size, const fs::path& file)
      : begin(data),
        end(data + size),
        path(file.string()),
        cut_short("error: " + printable(file.string()) +
                  ": the file was cut short while it was read: another program writes to it\n"),
        unreadable(
            "error: " + printable(file.string()) +
            ": a part of the file cannot be read: its disk or network fails (`dmesg` may say more); copy it from "
            "where it is whole\n") {
    static std::once_flag once;
    std::call_once(once, install);
    const std::scoped_lock lock(mutex);
    next = all;
    if (next) next->previous = this;
    all = this;
  }
  ~Region() {
    const std::scoped_lock lock(mutex);
    (previous ? previous->next : all) = next;
    if (next) next->previous = previous;
  }
  Region(const Region&) = delete;
  Region& operator=(const Region&) = delete;

  static void install() {
    struct sigaction action {};
    action.sa_sigaction = end_with_message;
    action.sa_flags = SA_SIGINFO | SA_RESETHAND;
    sigaction(SIGBUS, &action, nullptr);
  }
  static void end_with_message(int /*signal*/, siginfo_t* info, void* /*context*/) {
    const auto* const address = static_cast<const std::byte*>(info->si_addr);
    for (const Region* region = all; region; region = region->next) {
      if (address < region->begin || address >= region->end) continue;
      struct stat status {};
      const bool is_whole = ::stat(region->path.c_str(), &status) == 0 && status.st_size >= region->end - region->begin;
      const std::string& message = is_whole ? region->unreadable : region->cut_short;
      [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, message.data(), message.size());
      ::_exit(static_cast<int>(ExitCode::kIo));
    }  // else the read that failed is tried again, and ends the process as it does any
  }

  const std::byte* begin;
  const std::byte* end;
  std::string path;
  std::string cut_short;
  std::string unreadable;
  Region* next = nullptr;
  Region* previous = nullptr;

  static inline std::mutex mutex;
  static inline Region* all = nullptr;
};

MappedFile::MappedFile(fs::path path) : path_(std::move(path)) {
  const Descriptor file(path_, O_RDONLY | O_NONBLOCK);
  struct stat status {};
  if (::fstat(file.value(), &status) != 0) throw IoError::from_errno(fmt::format("cannot read {}", path_.string()));
  if (!S_ISREG(status.st_mode))
    throw IoError("cannot map {}: expected a file, found a folder, a pipe or a device", path_.string());
  size_ = static_cast<std::size_t>(status.st_size);
  if (size_ == 0) return;
  refuse_git_lfs_pointer(file.value(), path_);
  void* address = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, file.value(), 0);
  if (address == MAP_FAILED) throw IoError::from_errno(fmt::format("cannot map {}", path_.string()));
  data_ = static_cast<const std::byte*>(address);
  region_ = std::make_unique<Region>(data_, size_, path_);
}

MappedFile::~MappedFile() {
  region_.reset();
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      region_(std::move(other.region_)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(region_, other.region_);
  return *this;
}

}  // namespace albert
