#include "base/mapped_file.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <optional>
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

namespace {

constexpr const char* kCutShort = "the file was cut short while it was read: another program writes to it";
constexpr const char* kUnreadable =
    "a part of the file cannot be read: its disk or network fails (`dmesg` may say more); copy it from where it is "
    "whole";

/// A lock that a handler of a signal may wait for: nobody who holds it can be the one that the signal interrupts.
class SpinLock {
 public:
  void lock() {
    while (flag_.test_and_set(std::memory_order_acquire)) {
    }
  }
  void unlock() { flag_.clear(std::memory_order_release); }

 private:
  std::atomic_flag flag_;
};

}  // namespace

/// What is mapped, as the handler of SIGBUS finds it.
struct MappedFile::Region {
  Region(const std::byte* data, std::size_t size, const fs::path& file, std::optional<Descriptor> open)
      : begin(data), end(data + size), path(file.string()), descriptor(std::move(open)) {
    for (const auto& [message, what] : {std::pair(&cut_short, kCutShort), {&unreadable, kUnreadable}}) {
      *message = fmt::format("error: {}: {}\n", printable(path), what);
    }
    static std::once_flag once;
    std::call_once(once, install);
    const std::scoped_lock guard(lock);
    next = all;
    if (next) next->previous = this;
    all = this;
  }
  ~Region() {
    const std::scoped_lock guard(lock);
    (previous ? previous->next : all) = next;
    if (next) next->previous = previous;
  }
  Region(const Region&) = delete;
  Region& operator=(const Region&) = delete;

  static void install() {
    page_size = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    struct sigaction action {};
    action.sa_sigaction = on_loss;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGBUS, &action, nullptr);
  }
  static void on_loss(int /*signal*/, siginfo_t* info, void* /*context*/) {
    const int error = errno;
    const auto* const address = static_cast<const std::byte*>(info->si_addr);
    const std::scoped_lock guard(lock);
    Region* region = all;
    while (region && (address < region->begin || address >= region->end)) region = region->next;
    // Where it is none of ours, the read that failed is tried again, and ends the process as it does any.
    if (!region) std::signal(SIGBUS, SIG_DFL);
    if (region && !(region->descriptor && region->become_zeros(address))) region->end_with_message();
    errno = error;
  }

  /// Puts zeros in the place of what is gone. \return whether it can be read now
  bool become_zeros(const std::byte* address) {
    (is_short() ? was_short : is_lost) = true;
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    auto* const page = const_cast<std::byte*>(address - at % page_size);
    const auto size = static_cast<std::size_t>(end - page);
    return ::mmap(page, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
  }
  bool is_short() const {
    struct stat status {};
    return ::fstat(descriptor->value(), &status) == 0 && status.st_size < end - begin;
  }
  [[noreturn]] void end_with_message() const {
    struct stat status {};
    const bool is_whole = ::stat(path.c_str(), &status) == 0 && status.st_size >= end - begin;
    const std::string& message = is_whole ? unreadable : cut_short;
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, message.data(), message.size());
    ::_exit(static_cast<int>(ExitCode::kIo));
  }

  const std::byte* begin;
  const std::byte* end;
  std::string path;
  std::optional<Descriptor> descriptor;  ///< of OnLoss::kReadZeros
  std::atomic<bool> was_short = false;   ///< zeros were read in place of what was cut off
  std::atomic<bool> is_lost = false;     ///< zeros were read in place of what the disk does not give
  std::string cut_short;
  std::string unreadable;
  Region* next = nullptr;
  Region* previous = nullptr;

  static inline SpinLock lock;
  static inline Region* all = nullptr;
  static inline std::uintptr_t page_size = 0;
};

MappedFile::MappedFile(fs::path path, OnLoss on_loss) : path_(std::move(path)) {
  Descriptor file(path_, O_RDONLY | O_NONBLOCK);
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
  region_ = std::make_unique<Region>(data_, size_, path_,
                                     on_loss == OnLoss::kReadZeros ? std::optional(std::move(file)) : std::nullopt);
}

void MappedFile::check() const {
  if (!region_ || !region_->descriptor) return;
  // The end of a page behind that of the file reads as zeros without a signal.
  if (region_->is_short() || region_->was_short) {
    throw IoError("{}: {}; open it anew when it is whole: a server does on SIGHUP", path_.string(), kCutShort);
  }
  if (region_->is_lost) throw IoError("{}: {}", path_.string(), kUnreadable);
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
