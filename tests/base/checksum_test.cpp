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

}  // namespace
}  // namespace albert
