#include "base/made_folders.h"

#include <system_error>

#include "base/error.h"
#include "base/file.h"

namespace albert {

MadeFolders::MadeFolders(const fs::path& folder) {
  std::error_code error;
  fs::path absent = fs::absolute(folder).lexically_normal();
  for (; absent.has_relative_path() && !fs::exists(absent, error); absent = absent.parent_path()) {
    if (fs::is_symlink(absent)) {
      throw IoError(
          "cannot create the folder {}: {} is a link to {}, which is not there; make that folder, or remove the link",
          folder.string(), absent.string(), fs::read_symlink(absent, error).string());
    }
    if (absent.has_filename()) made_.push_back(absent);
  }
  is_new_ = !made_.empty();
  for (const fs::path& path : made_)
    live_.push_back(std::make_unique<LiveTemporary>(path.string(), LiveTemporary::Kind::kMadeFolder));
  try {
    make_folder(folder);
  } catch (const IoError&) {
    remove_empty();
    throw;
  }
}

void MadeFolders::remove_empty() const {
  std::error_code ignored;  // of one that was not made, or holds something
  for (const fs::path& folder : made_) fs::remove(folder, ignored);
}

}  // namespace albert
