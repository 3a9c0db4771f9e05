#include "host/folder_probe.h"

#include <cerrno>
#include <chrono>
#include <string>

#include <sys/file.h>

#include "base/descriptor.h"
#include "base/durable.h"
#include "base/error.h"
#include "base/file.h"
#include "base/link.h"
#include "base/temporary_entry.h"
#include "host/system.h"

namespace albert::host {

namespace {

constexpr std::size_t kProbeBytes = 1'000'000;

/// The folder itself, or the nearest one above it that is there.
/// Throws IoError if something else is in its place.
fs::path nearest_folder(const fs::path& path) {
  fs::path place = fs::absolute(path).lexically_normal();
  if (!place.has_filename()) place = place.parent_path();
  for (; !fs::exists(place); place = place.parent_path()) {
    if (!fs::is_symlink(place)) continue;
    throw IoError("{} is a link to {}, which is not there", place.string(), fs::read_symlink(place).string());
  }
  if (!fs::is_directory(place)) throw IoError("{}: expected a folder, found a file", place.string());
  return fs::canonical(place);
}

Links probe_links(const fs::path& folder) {
  try {
    replace_link(folder / "latest", "target");
  } catch (const IoError&) {
    return Links::kNone;
  }
  return fs::is_symlink(folder / "latest") ? Links::kSymbolic : Links::kText;
}

/// Whether a second holder is kept out.
bool probe_locks(const fs::path& folder) {
  const Descriptor first(folder / ".lock", O_RDWR | O_CREAT);
  const Descriptor second(folder / ".lock", O_RDWR);
  return ::flock(first.value(), LOCK_EX | LOCK_NB) == 0 && ::flock(second.value(), LOCK_EX | LOCK_NB) != 0 &&
         errno == EWOULDBLOCK;
}

/// Throws IoError.
double probe_sync(const fs::path& folder) {
  FileWriter file(folder / "bytes");
  file.write(std::string(kProbeBytes, 'x'));
  const auto begin = std::chrono::steady_clock::now();
  file.close();
  sync_to_disk(folder);
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

Folder probe_folder(const fs::path& path) {
  Folder folder;
  folder.path = path;
  try {
    folder.probed = nearest_folder(path);
    folder.file_system = read_file_system(folder.probed);
    folder.free_bytes = fs::space(folder.probed).available;
    const TemporaryEntry own(folder.probed / "albert-doctor", TemporaryEntry::Kind::kFolder);
    folder.links = probe_links(own.path());
    folder.has_locks = probe_locks(own.path());
    folder.sync_ms = probe_sync(own.path());
  } catch (const Error& error) {
    folder.failure = error.what();
  } catch (const fs::filesystem_error& error) {
    folder.failure = fmt::format("{}: {}", error.path1().string(), error.code().message());
  }
  return folder;
}

}  // namespace albert::host
