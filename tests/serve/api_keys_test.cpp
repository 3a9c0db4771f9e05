#include "serve/api_keys.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::serve {
namespace {

TEST(ApiKeys, OneOfThemIsEnough) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "keys",
                      "\xef\xbb\xbf"
                      "first\r\n\n  second  \n");
  const ApiKeys keys = ApiKeys::read(folder / "keys");
  EXPECT_TRUE(keys.allow("Bearer first"));
  EXPECT_TRUE(keys.allow("bEARER second"));
  for (const char* other :
       {"", "Bearer", "Bearer ", "Bearer firs", "Bearer firstfirst", "Bearer first ", "Basic first", "first"}) {
    EXPECT_FALSE(keys.allow(other)) << other;
  }
  EXPECT_TRUE(ApiKeys().allow(""));
}

TEST(ApiKeys, AFileWithoutKeysIsRefused) {
  const testing::TemporaryFolder folder;
  for (const char* content : {"", "\n \n", "two words\n", "k\xc3\xa4y\n"}) {
    testing::write_file(folder / "keys", content);
    EXPECT_THROW(ApiKeys::read(folder / "keys"), UsageError) << content;
  }
}

}  // namespace
}  // namespace albert::serve
