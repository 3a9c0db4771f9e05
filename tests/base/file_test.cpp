#include "base/file.h"

#include <string>

#include <gtest/gtest.h>

#include "base/error.h"
#include "support/temporary_folder.h"

namespace albert {
namespace {

TEST(FileWriter, WritesAcrossItsBuffer) {
  const testing::TemporaryFolder folder;
  const std::string big(3'000'000, 'x');
  FileWriter file(folder / "a");
  file.write("start");
  file.write(big);
  file.write("end");
  file.close();
  EXPECT_EQ(file.size_bytes(), big.size() + 8);
  EXPECT_EQ(read_file(folder / "a"), "start" + big + "end");
}

TEST(FileWriter, AFullDiskIsAnErrorWithItsReason) {
  FileWriter file("/dev/full");
  file.write("x");
  try {
    file.flush();
    FAIL() << "no error";
  } catch (const IoError& error) {
    EXPECT_NE(std::string(error.what()).find("/dev/full"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("free some space"), std::string::npos);
  }
}

TEST(ReadFile, AMissingFileIsNamed) {
  try {
    read_file("/nowhere/at-all");
    FAIL() << "no error";
  } catch (const IoError& error) {
    EXPECT_NE(std::string(error.what()).find("/nowhere/at-all"), std::string::npos);
    EXPECT_EQ(error.code(), ExitCode::kIo);
  }
}

}  // namespace
}  // namespace albert
