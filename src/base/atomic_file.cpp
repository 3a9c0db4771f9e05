#include "base/atomic_file.h"

#include "base/descriptor.h"
#include "base/durable.h"
#include "base/error.h"

namespace albert {

namespace {

/// Whether a file is there that holds no bytes of its own to be replaced: a device, a pipe.
bool is_device(const fs::path& path) {
  return fs::exists(path) && !fs::is_regular_file(path) && !fs::is_directory(path);
}

}  // namespace

AtomicFile::AtomicFile(const fs::path& destination) : destination_(fs::weakly_canonical(fs::absolute(destination))) {
  if (destination_.filename().empty() || fs::is_directory(destination_)) {
    throw IoError("cannot write {}: expected the name of a file, found that of a folder", destination.string());
  }
  if (is_device(destination_)) {
    throw IoError("cannot write {}: expected the name of a file, found a device or a pipe", destination.string());
  }
  temporary_.emplace(destination_, TemporaryEntry::Kind::kFile);
  writer_.emplace(temporary_->path(), temporary_->descriptor());
}

void AtomicFile::write_over_beginning(std::string_view bytes) {
  writer_->flush();
  if (::pwrite(temporary_->descriptor().value(), bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw IoError::from_errno(fmt::format("cannot write {}", destination_.string()));
  }
}

void AtomicFile::commit() {
  temporary_->unmark();
  writer_->close();
  rename_durably(temporary_->path(), destination_);
  temporary_->release();
}

void write_file_atomically(const fs::path& destination, std::string_view bytes) {
  if (is_device(destination)) {
    FileWriter file(destination);
    file.write(bytes);
    return file.close();
  }
  AtomicFile file(destination);
  file.write(bytes);
  file.commit();
}

}  // namespace albert
