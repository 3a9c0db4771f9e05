#pragma once

#include <filesystem>
#include <fstream>
#include <string_view>

#include <gtest/gtest.h>

namespace albert::testing {

/// Writes a file of a test: unlike write_file_atomically() it does not wait for the disk.
inline void write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  ASSERT_TRUE(file.good()) << path;
}

}  // namespace albert::testing
