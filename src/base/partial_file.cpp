#include "base/partial_file.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"

namespace albert {

PartialFile::PartialFile(const fs::path& destination)
    : destination_(fs::weakly_canonical(destination)),
      temporary_(destination_.parent_path() / fmt::format(".{}.partial", destination_.filename().string())) {
  if (destination_.filename().empty() || fs::is_directory(destination_)) {
    throw IoError("cannot write {}: expected the name of a file, found that of a folder", destination.string());
  }
  if (fs::exists(destination_) && !fs::is_regular_file(destination_)) {
    throw IoError("cannot write {}: expected the name of a file, found a device or a pipe", destination.string());
  }
  writer_.emplace(temporary_);
}

PartialFile::~PartialFile() {
  if (committed_) return;
  std::error_code ignored;
  fs::remove(temporary_, ignored);
}

void PartialFile::write_over_beginning(std::string_view bytes) {
  writer_->flush();
  const int descriptor = ::open(temporary_.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) throw IoError::from_errno(fmt::format("cannot open {}", temporary_.string()));
  const ssize_t written = ::pwrite(descriptor, bytes.data(), bytes.size(), 0);
  const IoError error = IoError::from_errno(fmt::format("cannot write {}", temporary_.string()));
  ::close(descriptor);
  if (written != static_cast<ssize_t>(bytes.size())) throw error;
}

void PartialFile::commit() {
  writer_->close();
  std::error_code error;
  fs::rename(temporary_, destination_, error);
  if (error) {
    throw IoError("cannot rename {} to {}: {}", temporary_.string(), destination_.string(), error.message());
  }
  committed_ = true;
}

}  // namespace albert
