#include "base/whole_read.h"

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"

namespace albert {

WholeRead::WholeRead(int descriptor) {
  if (::fstat(descriptor, &before_) != 0) before_.st_mode = 0;
}

void WholeRead::check(int descriptor, const std::filesystem::path& path) const {
  struct stat now {};
  if (!S_ISREG(before_.st_mode) || ::fstat(descriptor, &now) != 0) return;
  if (now.st_size < before_.st_size) {
    throw IoError(
        "{} became shorter while it was read: expected {} bytes, found {}; run the command again once "
        "nothing writes to the file any more",
        path.string(), grouped(before_.st_size), grouped(now.st_size));
  }
  const bool is_untouched = now.st_size == before_.st_size && now.st_mtim.tv_sec == before_.st_mtim.tv_sec &&
                            now.st_mtim.tv_nsec == before_.st_mtim.tv_nsec;
  if (!is_untouched) {
    log_warning("{} was written to while it was read: what was read may be of two versions of it", path.string());
  }
}

}  // namespace albert
