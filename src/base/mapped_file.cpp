#include "base/mapped_file.h"

#include <utility>

#include <sys/mman.h>
#include <sys/stat.h>

#include "base/descriptor.h"
#include "base/error.h"

namespace albert {

MappedFile::MappedFile(fs::path path) : path_(std::move(path)) {
  const Descriptor file(path_, O_RDONLY | O_NONBLOCK);
  struct stat status {};
  if (::fstat(file.value(), &status) != 0) throw IoError::from_errno(fmt::format("cannot read {}", path_.string()));
  if (!S_ISREG(status.st_mode))
    throw IoError("cannot map {}: expected a file, found a folder, a pipe or a device", path_.string());
  size_ = static_cast<std::size_t>(status.st_size);
  if (size_ == 0) return;
  void* address = ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, file.value(), 0);
  if (address == MAP_FAILED) throw IoError::from_errno(fmt::format("cannot map {}", path_.string()));
  data_ = static_cast<const std::byte*>(address);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)), data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

}  // namespace albert
