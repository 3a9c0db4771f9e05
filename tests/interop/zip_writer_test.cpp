#include "interop/zip_writer.h"

#include <span>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "checkpoint/zip.h"

namespace albert::interop {
namespace {

TEST(ZipWriter, WritesWhatTheReaderReads) {
  std::string archive;
  ZipWriter zip([&](std::string_view bytes) { archive += bytes; });
  const std::string binary("\0\1\2", 3), long_text(100'000, 'x');
  zip.add("a/empty", "");
  zip.add("a/binary", binary);
  zip.add("long", long_text);
  zip.finish();
  const auto entries = checkpoint::read_zip(std::as_bytes(std::span(archive)), "archive");
  ASSERT_EQ(entries.size(), 3U);
  const auto text = [](const checkpoint::ZipEntry& entry) {
    return std::string(reinterpret_cast<const char*>(entry.bytes.data()), entry.bytes.size());
  };
  EXPECT_EQ(entries[0].name, "a/empty");
  EXPECT_EQ(text(entries[0]), "");
  EXPECT_EQ(text(entries[1]), binary);
  EXPECT_EQ(text(entries[2]), long_text);
}

}  // namespace
}  // namespace albert::interop
