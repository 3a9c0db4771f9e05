#include "corpus/checked_file.h"

#include <spdlog/fmt/fmt.h>

#include "base/checksum.h"

namespace albert::corpus {

namespace fs = std::filesystem;

std::string compare(const fs::path& path, const FileRecord& record) {
  if (!fs::is_regular_file(path))
    return fmt::format("{}: missing; expected {} bytes", path.string(), record.size_bytes);
  const std::uint64_t size_bytes = fs::file_size(path);
  if (size_bytes != record.size_bytes)
    return fmt::format("{}: expected {} bytes, found {}", path.string(), record.size_bytes, size_bytes);
  const std::string checksum = checksum_of_file(path);
  if (checksum == record.checksum) return "";
  return fmt::format("{}: the content differs: expected the checksum {}, found {}", path.string(), record.checksum,
                     checksum);
}

}  // namespace albert::corpus
