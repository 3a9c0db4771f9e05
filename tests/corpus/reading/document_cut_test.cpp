#include "corpus/reading/document_cut.h"

#include <chrono>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::corpus {
namespace {

namespace fs = std::filesystem;
using Place = std::optional<std::uint64_t>;

TEST(DocumentCut, IsTheFirstDocumentThatBeginsInTheRange) {
  const testing::TemporaryFolder folder;
  const std::string text = "#\none\n#\ntwo\n#\nthree\n";  // documents begin at 0, 6 and 12
  testing::write_file(folder / "a.txt", text);
  const InputFile file{.path = folder / "a.txt", .size_bytes = text.size()};
  const ReaderOptions options{.document_separator = "^#$"};
  const auto find = [&](std::uint64_t begin, std::uint64_t end) {
    return find_document_begin(file, {.begin = begin, .end = end}, options);
  };
  EXPECT_EQ(find(0, 1), Place(0));
  EXPECT_EQ(find(1, 100), Place(6));
  EXPECT_EQ(find(6, 7), Place(6));
  EXPECT_EQ(find(7, 100), Place(12));
  EXPECT_EQ(find(7, 12), Place());
  EXPECT_EQ(find(13, 100), Place());
}

TEST(DocumentCut, ReadsNoFurtherThanTheRange) {
  const testing::TemporaryFolder folder;
  testing::write_file(folder / "a.txt", "#\n");
  constexpr std::uint64_t kSize = std::uint64_t{1} << 40;  // of which nothing lies on the disk
  fs::resize_file(folder / "a.txt", kSize);
  const InputFile file{.path = folder / "a.txt", .size_bytes = kSize};
  const auto begin = std::chrono::steady_clock::now();
  for (const InputFormat format : {InputFormat::kText, InputFormat::kJsonl}) {
    const ReaderOptions options{.format = format, .document_separator = format == InputFormat::kText ? "^#$" : ""};
    EXPECT_EQ(find_document_begin(file, {.begin = 1000, .end = 1'000'000}, options), Place());
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

}  // namespace
}  // namespace albert::corpus
