#include "base/error.h"

#include <cerrno>
#include <system_error>

#include "base/shown.h"

namespace albert {

namespace {

const char* advice(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return "; free some space and run the command again";
    case EACCES:
    case EPERM:
    case EROFS:
      return "; check the permissions of the file and of its folder";
    case EMFILE:
      return "; raise the limit on open files (ulimit -n)";
    default:
      return "";
  }
}

}  // namespace

Error::Error(ExitCode code, const std::string& message) : std::runtime_error(printable_lines(message)), code_(code) {}

IoError IoError::from_errno(const std::string& action) {
  const int error = errno;
  IoError failure("{}: {}{}", action, std::generic_category().message(error), advice(error));
  errno = error;  // for those that stdio calls
  return failure;
}

}  // namespace albert
