#include "corpus/files/byte_source.h"

#include <functional>
#include <string>
#include <string_view>

#include <bzlib.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lzma.h>
#include <zstd.h>

#include "base/error.h"
#include "base/file.h"
#include "corpus/gzip.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::corpus {
namespace {

using ::testing::AllOf;
using testing::gzip;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::TemporaryFolder;

std::string zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

std::string xz(const std::string& text) {
  std::string out(lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t size = 0;
  EXPECT_EQ(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr, reinterpret_cast<const std::uint8_t*>(text.data()),
                                    text.size(), reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size()),
            LZMA_OK);
  out.resize(size);
  return out;
}

std::string bzip2(const std::string& text) {
  auto size = static_cast<unsigned>(text.size() + text.size() / 100 + 600);
  std::string out(size, '\0');
  constexpr int kBlockSize = 1;
  EXPECT_EQ(BZ2_bzBuffToBuffCompress(out.data(), &size, const_cast<char*>(text.data()),
                                     static_cast<unsigned>(text.size()), kBlockSize, 0, 0),
            BZ_OK);
  out.resize(size);
  return out;
}

/// A frame with "text" in a raw block (RFC 8878, section 3.1.1).
/// \param window_log of the size of the window that it asks for
std::string zstd_frame(int window_log) {
  return std::string("\x28\xb5\x2f\xfd\0", 5) + static_cast<char>((window_log - 10) << 3) + std::string("\x21\0\0", 3) +
         "text";
}

/// 400 kB that do not compress to nothing.
std::string long_text() {
  std::string text;
  for (unsigned i = 0; text.size() < 400'000; ++i)
    text += std::to_string(i * 2654435761U % 1'000'003) + (i % 9 == 0 ? "\n" : " ");
  return text;
}

std::string read_all(const fs::path& path) {
  const auto source = open_byte_source(path);
  std::string text;
  char buffer[1000];
  while (const std::size_t n = source->read(buffer, sizeof buffer)) text.append(buffer, n);
  EXPECT_EQ(source->read(buffer, sizeof buffer), 0u) << "the end is not the end";
  EXPECT_EQ(source->bytes_read(), fs::file_size(path));
  return text;
}

struct Format {
  std::string name;
  std::string suffix;
  std::function<std::string(const std::string&)> compress;
};

class CompressedTest : public ::testing::TestWithParam<Format> {
 protected:
  fs::path write(const std::string& bytes, const std::string& name = "text") {
    testing::write_file(folder_ / name, bytes);
    return folder_ / name;
  }

  std::string error_of(const fs::path& path) {
    return albert::testing::error_of<DataError>([&] { read_all(path); });
  }

  TemporaryFolder folder_;
  const std::function<std::string(const std::string&)>& compress_ = GetParam().compress;
};

TEST_P(CompressedTest, GivesTheTextBackWhateverTheName) {
  for (const std::string& text : {std::string(), std::string("a\n"), long_text()}) {
    EXPECT_EQ(read_all(write(compress_(text), "named" + GetParam().suffix)), text);
    EXPECT_EQ(read_all(write(compress_(text), "unnamed")), text);
  }
}

TEST_P(CompressedTest, SeveralStreamsAreOneText) {
  EXPECT_EQ(read_all(write(compress_("one ") + compress_("") + compress_(long_text()))), "one " + long_text());
}

TEST_P(CompressedTest, ZeroBytesBehindAStreamArePadding) {
  for (const std::size_t size : {1, 512, 300'000}) {
    const std::string padding(size, '\0');
    std::string padded = compress_("one ");
    padded.append(padding).append(compress_("two")).append(padding);
    EXPECT_EQ(read_all(write(padded)), "one two");
    EXPECT_THAT(error_of(write(compress_("one ") + padding + "x")), Not(IsEmpty()));
  }
}

TEST_P(CompressedTest, EveryTruncationIsFound) {
  const std::string bytes = compress_("some text that is long enough to be cut anywhere");
  for (std::size_t size = 6; size < bytes.size(); ++size) {
    const std::string error = error_of(write(bytes.substr(0, size)));
    EXPECT_THAT(error, HasSubstr("truncated: the file ends at byte " + std::to_string(size))) << size;
    EXPECT_THAT(error, HasSubstr((folder_ / "text").string()));
  }
  const std::string longer = compress_(long_text());
  EXPECT_THAT(error_of(write(longer.substr(0, longer.size() / 2))), HasSubstr("truncated"));
}

TEST_P(CompressedTest, DamageIsFound) {
  std::string bytes = compress_(long_text());
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x55);
  // What zstd finds by a checksum, ZSTD_compress does not write; then the text may differ in silence.
  if (GetParam().name != "zstd") {
    EXPECT_THAT(error_of(write(bytes)), HasSubstr("damaged " + GetParam().name + " data at byte"));
  }
  EXPECT_NE(error_of(write(compress_("text") + "trailing garbage")), "");
}

TEST_P(CompressedTest, ANameThatPromisesTooMuch) {
  EXPECT_THAT(error_of(write("plain text", "plain" + GetParam().suffix)),
              HasSubstr("because of its name, but it begins otherwise"));
  EXPECT_THAT(error_of(write("", "empty" + GetParam().suffix)), HasSubstr("because of its name, but it is empty"));
}

INSTANTIATE_TEST_SUITE_P(Formats, CompressedTest,
                         ::testing::Values(Format{"gzip", ".gz", gzip}, Format{"zstd", ".zst", zstd},
                                           Format{"xz", ".xz", xz}, Format{"bzip2", ".bz2", bzip2}),
                         [](const auto& format) { return format.param.name; });

TEST(ByteSource, AZstandardFrameMayHaveTheLargestWindow) {
  const TemporaryFolder folder;
  testing::write_file(folder / "a", zstd_frame(28) + zstd_frame(31));
  EXPECT_EQ(read_all(folder / "a"), "texttext");
}

TEST(ByteSource, WhatIsWholeButTooMuchIsNotCalledDamaged) {
  const TemporaryFolder folder;
  testing::write_file(folder / "a", zstd_frame(32));
  EXPECT_THAT(albert::testing::error_of<DataError>([&] { read_all(folder / "a"); }),
              AllOf(HasSubstr("unpack it first with: zstd -d --long=31"), Not(HasSubstr("damaged"))));
}

TEST(ByteSource, AZstandardFileMayBeginWithAFrameToSkip) {
  const TemporaryFolder folder;
  testing::write_file(folder / "a", std::string("\x50\x2a\x4d\x18\x04\0\0\0size", 12) + zstd("text"));
  EXPECT_EQ(read_all(folder / "a"), "text");
}

TEST(ByteSource, TextThatBeginsLikeBzip2IsText) {
  const TemporaryFolder folder;
  for (const std::string text : {"BZh", "BZh9", "BZh9 is no word", "BZh91A-"}) {
    testing::write_file(folder / "a", text);
    EXPECT_EQ(read_all(folder / "a"), text);
  }
}

TEST(ByteSource, PlainFilesAreGivenAsTheyAre) {
  const TemporaryFolder folder;
  for (const std::string& text : {std::string(), std::string("\x1f"), std::string("short"), std::string(40'000, 'x')}) {
    testing::write_file(folder / "a", text);
    EXPECT_EQ(read_all(folder / "a"), text);
  }
}

TEST(ByteSource, AMissingFileAndAFolderAreErrors) {
  const TemporaryFolder folder;
  EXPECT_THROW(open_byte_source(folder / "none"), IoError);
  EXPECT_THROW(open_byte_source(folder.path()), IoError);
}

}  // namespace
}  // namespace albert::corpus
