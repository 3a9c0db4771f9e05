#include "base/descriptor.h"

#include <cerrno>
#include <system_error>

#include <sys/resource.h>

#include "base/error.h"
#include "base/system_call.h"

namespace albert {

Descriptor::Descriptor(const fs::path& path, int flags)
    : value_(uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0644); })) {
  if (value_ >= 0) return;
  const int number = errno;
  const std::string what = fmt::format("cannot {} {}", (flags & O_CREAT) != 0 ? "create" : "open", path.string());
  std::error_code error;
  const fs::path target = fs::read_symlink(path, error);
  if (!error && number == ELOOP && (flags & O_NOFOLLOW) != 0) throw IoError("{}: expected no link, found one", what);
  if (!error && number == ENOENT) throw IoError("{}: it is a link to {}, which is not there", what, target.string());
  if (number == ENXIO) {
    throw IoError("{}: it is {}", what,
                  fs::is_socket(path, error) ? "a socket" : "a named pipe (FIFO) that nobody reads");
  }
  errno = number;
  throw IoError::from_errno(what);
}

void require_descriptors(std::uint64_t count) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) throw IoError::from_errno("cannot find the limit of open files");
  if (limit.rlim_cur >= count) return;
  if (limit.rlim_max < count)
    throw IoError("the limit of open files is {}: expected at least {}; raise it (`ulimit -Hn`, or what started this)",
                  limit.rlim_max, count);
  limit.rlim_cur = count;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) throw IoError::from_errno("cannot raise the limit of open files");
}

}  // namespace albert
