#include "corpus/store/file_record.h"

#include <spdlog/fmt/fmt.h>

#include "base/checksum.h"
#include "base/error.h"
#include "base/file.h"
#include "base/signals.h"

namespace albert::corpus {

namespace fs = std::filesystem;

FileRecord record_file(const fs::path& folder, const std::string& name) {
  const fs::path path = folder / name;
  std::error_code error;
  const std::uint64_t size_bytes = fs::file_size(path, error);
  if (error) throw IoError("cannot read {}: {}", path.string(), error.message());
  return {.name = name, .size_bytes = size_bytes, .checksum = checksum_of_file(path)};
}

std::string compare(const fs::path& path, const FileRecord& record) {
  if (!fs::is_regular_file(path))
    return fmt::format("{}: missing; expected {} bytes", path.string(), record.size_bytes);
  const std::uint64_t size_bytes = fs::file_size(path);
  if (size_bytes != record.size_bytes)
    return fmt::format("{}: expected {} bytes, found {}", path.string(), record.size_bytes, size_bytes);
  Checksum read;
  for_each_piece(path, [&](std::string_view piece) {
    stop_if_asked("result");  // a file may be as large as all the text
    read.update(piece);
  });
  const std::string checksum = read.hex();
  if (checksum == record.checksum) return "";
  return fmt::format("{}: the content differs: expected the checksum {}, found {}", path.string(), record.checksum,
                     checksum);
}

}  // namespace albert::corpus
