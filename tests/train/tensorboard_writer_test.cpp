#include "train/tensorboard_writer.h"

#include <string>

#include <gtest/gtest.h>

#include "base/checksum.h"
#include "base/file.h"
#include "support/temporary_folder.h"

namespace albert::train {
namespace {

// That TensorBoard itself reads the file is tests/python/test_tensorboard.py.
TEST(TensorBoardWriter, FramesEveryEvent) {
  const testing::TemporaryFolder folder;
  TensorBoardWriter writer(folder / "tensorboard", 1);
  writer.write(7, "train", {{"loss", 0.5}});
  ASSERT_FALSE(fs::is_empty(folder / "tensorboard"));
  const std::string bytes = read_file(fs::directory_iterator(folder / "tensorboard")->path());
  std::size_t num_events = 0;
  for (std::size_t at = 0; at < bytes.size(); ++num_events) {
    const auto length = static_cast<unsigned char>(bytes[at]);  // these events are shorter than 256 bytes
    ASSERT_LE(at + 16 + length, bytes.size());
    const std::string event = bytes.substr(at + 12, length);
    const std::uint32_t checksum = masked_crc32c(event);
    for (unsigned i = 0; i < 4; ++i) {
      EXPECT_EQ(static_cast<unsigned char>(bytes[at + 12 + length + i]), checksum >> (8 * i) & 0xFF);
    }
    at += 16 + length;
  }
  EXPECT_EQ(num_events, 3u);
  EXPECT_NE(bytes.find("train/loss"), std::string::npos);
}

}  // namespace
}  // namespace albert::train
