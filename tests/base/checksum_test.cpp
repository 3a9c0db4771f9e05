#include "base/checksum.h"

#include <string>

#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "support/temporary_folder.h"

namespace albert {
namespace {

TEST(Checksum, KnownAnswerAndPieces) {
  EXPECT_EQ(checksum_of(""), "99aa06d3014798d86001c324468d497f");  // XXH3 128 of nothing, from its specification
  Checksum checksum;
  checksum.update("ab");
  checksum.update("c");
  EXPECT_EQ(checksum.hex(), checksum_of("abc"));
  EXPECT_NE(checksum.hex(), checksum_of("abd"));
}

TEST(Checksum, OfAFileIsThatOfItsBytes) {
  const testing::TemporaryFolder folder;
  const std::string big(3'000'000, 'x');
  write_file_atomically(folder / "a", big + "end");
  EXPECT_EQ(checksum_of_file(folder / "a"), checksum_of(big + "end"));
}

// The examples of RFC 3720, appendix B.4, and the customary check value.
TEST(Crc32c, AgreesWithThePublishedExamples) {
  EXPECT_EQ(crc32c(""), 0u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43u);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283u);
}

TEST(Crc32c, OfAnyLengthIsThatByteAfterByte) {
  std::string bytes;
  for (int i = 0; i < 40; ++i) {
    std::uint32_t crc = ~0u;  // by the definition, bit after bit
    for (const char byte : bytes) {
      crc ^= static_cast<unsigned char>(byte);
      for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78u : 0u);
    }
    EXPECT_EQ(crc32c(bytes), ~crc) << bytes.size();
    bytes += static_cast<char>(37 * i + 200);
  }
}

TEST(MaskedCrc32c, IsRotatedAndOffset) {
  const std::uint32_t rotated = masked_crc32c("123456789") - 0xA282EAD8u;
  EXPECT_EQ((rotated >> 17) | (rotated << 15), 0xE3069283u);
}

}  // namespace
}  // namespace albert
