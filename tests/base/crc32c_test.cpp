#include "base/crc32c.h"

#include <string>

#include <gtest/gtest.h>

namespace albert {
namespace {

// The examples of RFC 3720, appendix B.4, and the customary check value.
TEST(Crc32c, AgreesWithThePublishedExamples) {
  EXPECT_EQ(crc32c(""), 0u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43u);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283u);
}

TEST(MaskedCrc32c, IsRotatedAndOffset) {
  const std::uint32_t rotated = masked_crc32c("123456789") - 0xA282EAD8u;
  EXPECT_EQ((rotated >> 17) | (rotated << 15), 0xE3069283u);
}

}  // namespace
}  // namespace albert
