#include "base/atomic_file.h"

#include "base/destination.h"
#include "base/durable.h"
#include "base/error.h"

namespace albert {

namespace {

/// A descriptor is not opened by its name, which would empty the file behind it.
FileWriter open_stream(const fs::path& stream) {
  const std::optional<int> descriptor = descriptor_of(destination_of(stream));
  return descriptor ? FileWriter(stream, *descriptor) : FileWriter(stream);
}

void write_whole_file(const fs::path& destination, std::string_view bytes, bool overwrite) {
  if (is_stream(destination)) {
    FileWriter stream = open_stream(destination);
    stream.write(bytes);
    return stream.close();
  }
  AtomicFile file(destination);
  file.write(bytes);
  file.commit(overwrite);
}

}  // namespace

AtomicFile::AtomicFile(const fs::path& destination) : destination_(destination_of(destination)) {
  if (destination_.filename().empty() || fs::is_directory(destination_)) {
    throw IoError("cannot write {}: expected the name of a file, found that of a folder", destination.string());
  }
  if (is_stream(destination_)) {
    throw IoError("cannot write {}: expected the name of a file, found a device or a pipe", destination.string());
  }
  temporary_.emplace(destination_, TemporaryEntry::Kind::kFile);
  writer_.emplace(temporary_->path(), temporary_->descriptor().value());
}

void AtomicFile::write_over_beginning(std::string_view bytes) {
  writer_->flush();
  write_whole(temporary_->descriptor().value(), bytes, destination_, 0);
}

void AtomicFile::close() {
  if (writer_) writer_->close();
  writer_.reset();
}

void AtomicFile::commit(bool overwrite) {
  close();
  if (overwrite) {
    keep_permissions(destination_, temporary_->path());
    rename_file(temporary_->path(), destination_);
  } else if (!rename_to_free_name(temporary_->path(), destination_)) {
    refuse_to_replace(destination_);
  }
  temporary_->release();
  sync_folder_of(destination_);
}

void AtomicFiles::write(const fs::path& destination, std::string_view bytes) {
  if (is_stream(destination)) return write_file_atomically(destination, bytes);
  files_.push_back(std::make_unique<AtomicFile>(destination));
  files_.back()->write(bytes);
  files_.back()->close();
}

void AtomicFiles::commit() {
  if (files_.empty()) return;
  const TemporaryEntry before(files_.front()->destination().string() + ".before", TemporaryEntry::Kind::kFolder);
  JointMove move(before.path() / "files", /*overwrite=*/true);
  for (const auto& file : files_) file->put(move);
  move.commit();
  for (const auto& file : files_) {
    file->release();
    sync_to_disk(file->destination().parent_path());
  }
  files_.clear();
}

void write_file_atomically(const fs::path& destination, std::string_view bytes) {
  write_whole_file(destination, bytes, /*overwrite=*/true);
}

void write_output_file(const Output& output, std::string_view bytes) {
  check_output_file(output);
  write_whole_file(output.path, bytes, output.overwrite);
}

}  // namespace albert
