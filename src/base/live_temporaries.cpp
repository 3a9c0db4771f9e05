#include "base/live_temporaries.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/signals.h"

namespace albert {

namespace {

/// A path that a handler can read at any time: it is live only while the path is whole.
struct Slot {
  std::atomic<bool> is_taken = false;
  std::atomic<bool> is_live = false;
  std::atomic<bool> is_folder = false;  ///< LiveTemporary::Kind::kMadeFolder
  std::array<char, PATH_MAX> path{};
};

std::array<Slot, 32> slots;

/// As the system call getdents64 gives an entry of a folder: readdir() may allocate, which a handler must not.
struct Entry {
  std::uint64_t inode;
  std::int64_t offset;
  std::uint16_t size;
  std::uint8_t type;
  char name[1];
};

void remove_at(int folder, const char* name, int depth);

/// What is written meanwhile by another thread may stay; the next pass finds it.
void remove_content(int folder, int depth) {
  alignas(Entry) std::array<char, 4096> buffer{};
  for (;;) {
    const long filled = ::syscall(SYS_getdents64, folder, buffer.data(), buffer.size());
    if (filled <= 0) return;
    for (long at = 0; at < filled;) {
      const auto* entry = reinterpret_cast<const Entry*>(buffer.data() + at);
      const std::string_view name(entry->name);
      if (name != "." && name != "..") remove_at(folder, entry->name, depth);
      at += entry->size;
    }
  }
}

void remove_at(int folder, const char* name, int depth) {
  constexpr int kMostDepth = 8;
  if (::unlinkat(folder, name, 0) == 0 || errno != EISDIR || depth == kMostDepth) return;
  const int inner = ::openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (inner >= 0) {
    for (int pass = 0; pass < 3 && ::unlinkat(folder, name, AT_REMOVEDIR) != 0; ++pass) {
      ::lseek(inner, 0, SEEK_SET);
      remove_content(inner, depth + 1);
    }
    ::close(inner);
  }
}

/// For signals that nothing else handles.
void remove_and_end(int signal) {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  sigaction(signal, &action, nullptr);
  constexpr std::string_view kWords = "\nstopped by a signal; what was being written is removed\n";
  if (remove_live_temporaries() && signal != SIGPIPE) {
    [[maybe_unused]] const ssize_t ignored = ::write(STDERR_FILENO, kWords.data(), kWords.size());
  }
  ::raise(signal);
}

void handle_unhandled_signals() {
  for (const int signal : kEndSignals) {
    struct sigaction action {};
    if (sigaction(signal, nullptr, &action) != 0) continue;
    const bool is_unheard = action.sa_handler == SIG_IGN && signal == SIGINT;  // see SignalHandling
    if (action.sa_handler != SIG_DFL && !is_unheard) continue;
    action = {};
    action.sa_handler = remove_and_end;
    sigaction(signal, &action, nullptr);
  }
}

}  // namespace

LiveTemporary::LiveTemporary(const std::string& path, Kind kind) {
  if (path.size() >= PATH_MAX) return;
  for (std::size_t i = 0; i < slots.size() && slot_ < 0; ++i) {
    bool is_taken = false;
    if (!slots[i].is_taken.compare_exchange_strong(is_taken, true)) continue;
    std::memcpy(slots[i].path.data(), path.c_str(), path.size() + 1);
    slots[i].is_folder = kind == Kind::kMadeFolder;
    slots[i].is_live = true;
    slot_ = static_cast<int>(i);
  }
  handle_unhandled_signals();
}

LiveTemporary::~LiveTemporary() {
  if (slot_ < 0) return;
  Slot& slot = slots[static_cast<std::size_t>(slot_)];
  slot.is_live = false;
  slot.is_taken = false;
}

bool remove_live_temporaries() {
  bool was_one = false;
  for (Slot& slot : slots) {
    if (slot.is_folder || !slot.is_live.exchange(false)) continue;
    remove_at(AT_FDCWD, slot.path.data(), 0);
    was_one = true;
  }
  // The innermost first, in whatever order they stand.
  for (bool goes_on = true; goes_on;) {
    goes_on = false;
    for (const Slot& slot : slots) {
      if (slot.is_live && slot.is_folder && ::unlinkat(AT_FDCWD, slot.path.data(), AT_REMOVEDIR) == 0) goes_on = true;
    }
  }
  return was_one;
}

}  // namespace albert
