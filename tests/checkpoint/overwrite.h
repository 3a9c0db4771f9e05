#pragma once

#include <filesystem>
#include <fstream>
#include <string_view>

namespace albert::checkpoint::testing {

/// Writes a file without syncing it, which thousands of damaged copies need not be.
inline void overwrite(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::remove(path);  // some file systems sync what is cut to nothing and written again
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace albert::checkpoint::testing
