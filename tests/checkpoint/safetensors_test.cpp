#include "checkpoint/safetensors.h"

#include <cstring>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "checkpoint/overwrite.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"

namespace albert::checkpoint {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

template <typename T>
std::span<const std::byte> bytes_of(const std::vector<T>& values) {
  return std::as_bytes(std::span(values));
}

/// A file with any header and as many zero bytes after it as asked for.
void write_raw(const fs::path& path, const std::string& header, std::size_t data_bytes) {
  const std::uint64_t length = header.size();
  std::string file(8, '\0');
  std::memcpy(file.data(), &length, 8);
  testing::overwrite(path, file + header + std::string(data_bytes, '\0'));
}

std::string error_of(const fs::path& path) {
  return albert::testing::error_of<ModelError>([&] { const SafetensorsFile file(path); });
}

std::string entry(const std::string& name, const std::string& dtype, const std::string& shape,
                  const std::string& offsets) {
  return fmt::format(R"("{}":{{"dtype":"{}","shape":{},"data_offsets":{}}})", name, dtype, shape, offsets);
}

TEST(Safetensors, EveryTypeComesBackByteForByte) {
  const albert::testing::TemporaryFolder folder;
  const std::vector<float> floats = {1.5F, -2.25F, 3e-30F, 0.0F, 5.0F, 6.0F};
  const std::vector<std::uint16_t> halves = {1, 2, 0xffff};
  const std::vector<std::int64_t> wide = {-7};
  SafetensorsWriter writer(folder / "a.safetensors", {{"weight", DType::kFloat32, {2, 3}},
                                                      {"empty", DType::kFloat32, {0, 4}},
                                                      {"b", DType::kBFloat16, {3}},
                                                      {"h", DType::kFloat16, {3, 1}},
                                                      {"step", DType::kInt64, {}}});
  writer.write(bytes_of(floats));
  writer.write({});
  writer.write(bytes_of(halves));
  writer.write(bytes_of(halves));
  writer.write(bytes_of(wide));
  writer.close();

  const SafetensorsFile file(folder / "a.safetensors");
  EXPECT_THAT(file.metadata(), ::testing::ElementsAre(std::pair("format", "pt")));
  ASSERT_EQ(file.tensors().size(), 5);
  const StoredTensor& weight = file.tensors()[0];
  EXPECT_EQ(weight.name, "weight");
  EXPECT_EQ(weight.describe(), "F32 [2, 3]");
  EXPECT_TRUE(std::ranges::equal(weight.bytes, bytes_of(floats)));
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(weight.bytes.data()) % 8, 0)
      << "the header is padded so that elements are aligned";
  EXPECT_EQ(file.find("empty")->describe(), "F32 [0, 4]");
  EXPECT_TRUE(std::ranges::equal(file.find("h")->bytes, bytes_of(halves)));
  EXPECT_EQ(file.find("step")->describe(), "I64 []");
  EXPECT_TRUE(std::ranges::equal(file.find("step")->bytes, bytes_of(wide)));
  EXPECT_EQ(file.find("other"), nullptr);
}

TEST(Safetensors, DamagedHeadersNameTensorExpectedAndFound) {
  const albert::testing::TemporaryFolder folder;
  const fs::path path = folder / "a.safetensors";
  const auto error = [&](const std::string& entries, std::size_t data_bytes) {
    write_raw(path, "{" + entries + "}", data_bytes);
    return error_of(path);
  };
  EXPECT_EQ(error(entry("a", "F32", "[2]", "[0,8]"), 8), "");
  EXPECT_THAT(
      error(entry("a", "F32", "[2]", "[0,8]"), 7),
      AllOf(HasSubstr(path.string()), HasSubstr("tensor a: expected bytes up to 8, found a file that ends at 7")));
  EXPECT_THAT(error(entry("a", "F32", "[2]", "[0,8]"), 9), HasSubstr("expected 8 bytes of tensors, found 9"));
  EXPECT_THAT(error(entry("a", "F32", "[2]", "[0,8]") + "," + entry("b", "F32", "[2]", "[4,12]"), 12),
              HasSubstr("tensor b: expected its bytes to begin at 8, found 4; tensors overlap"));
  EXPECT_THAT(error(entry("a", "F32", "[2]", "[0,8]") + "," + entry("b", "F32", "[2]", "[12,20]"), 20),
              HasSubstr("gap"));
  EXPECT_THAT(error(entry("a", "F32", "[3]", "[0,8]"), 8),
              HasSubstr("tensor a: expected 12 bytes for F32 [3], found 8"));
  EXPECT_THAT(error(entry("a", "F64", "[1]", "[0,8]"), 8),
              HasSubstr("tensor a: expected dtype F32, BF16, F16 or I64, found \"F64\""));
  EXPECT_THAT(error(entry("a", "F32", "[-2]", "[0,8]"), 8), HasSubstr("tensor a: expected a whole number, found -2"));
  EXPECT_THAT(error(entry("a", "F32", "[2.0]", "[0,8]"), 8), HasSubstr("expected a whole number, found 2.0"));
  EXPECT_THAT(error(entry("a", "F32", "[4611686018427387904,4]", "[0,0]"), 0),
              HasSubstr("tensor a: its shape [4611686018427387904, 4] is no size"));
  EXPECT_THAT(error(entry("a", "F32", "[2]", "[8,0]"), 8), HasSubstr("data_offsets that do not fall"));
  EXPECT_THAT(error(entry("a", "F32", "[2]", "[0]"), 8), HasSubstr("expected two data_offsets"));
  EXPECT_THAT(error(entry("a", "F32", "2", "[0,8]"), 8), HasSubstr("expected a list as shape, found 2"));
  EXPECT_THAT(error(R"("a":{"dtype":"F32","shape":[2]})", 8), HasSubstr("expected data_offsets, found \"none\""));
  EXPECT_THAT(error(R"("a":7)", 0), HasSubstr("tensor a: expected an object"));
  EXPECT_THAT(error(entry("a", "F32", "[1]", "[0,4]") + "," + entry("a", "F32", "[1]", "[4,8]"), 8),
              HasSubstr("the key 'a' is written twice"));
  EXPECT_THAT(error(R"("__metadata__":{"x":1})", 0), HasSubstr("expected a text for 'x'"));
  EXPECT_THAT(error("\"a\":", 0), HasSubstr("expected a header in JSON"));
  EXPECT_EQ(error("", 0), "");
}

TEST(Safetensors, LengthsOfTheHeaderAreChecked) {
  const albert::testing::TemporaryFolder folder;
  const fs::path path = folder / "a.safetensors";
  testing::overwrite(path, "");
  EXPECT_THAT(error_of(path), HasSubstr("found only 0 bytes"));
  testing::overwrite(path, std::string("\x10\0\0\0\0\0\0\0{}", 10));
  EXPECT_THAT(error_of(path), HasSubstr("expected a header of 16 bytes, found 2"));
  testing::overwrite(path, std::string("\xff\xff\xff\xff\xff\xff\xff\xff{}", 10));
  EXPECT_THAT(error_of(path), HasSubstr("at most 100000000 are allowed"));
  testing::overwrite(path, std::string("\x02\0\0\0\0\0\0\0[]", 10));
  EXPECT_THAT(error_of(path), HasSubstr("begins with '{'"));
  EXPECT_THROW(SafetensorsFile(folder / "missing"), IoError);
}

TEST(Safetensors, NoFlippedOrMissingByteIsFatal) {
  const albert::testing::TemporaryFolder folder;
  const fs::path path = folder / "a.safetensors";
  SafetensorsWriter writer(path, {{"first", DType::kFloat32, {2}}, {"second", DType::kInt64, {1, 1}}});
  writer.write(bytes_of(std::vector<float>{1, 2}));
  writer.write(bytes_of(std::vector<std::int64_t>{3}));
  writer.close();
  const std::string whole = read_file(path);
  const fs::path damaged = folder / "b.safetensors";
  std::size_t refused = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const char flip : {'\x01', '\x10', '\x80', '\xff'}) {
      std::string bytes = whole;
      bytes[i] = static_cast<char>(bytes[i] ^ flip);
      testing::overwrite(damaged, bytes);
      refused += error_of(damaged).empty() ? 0 : 1;
    }
    testing::overwrite(damaged, whole.substr(0, i));
    EXPECT_NE(error_of(damaged), "") << "cut off at " << i;
  }
  // What remains are other names, other values, and spaces of the padding.
  EXPECT_GT(refused, whole.size() * 2);
}

TEST(SafetensorsWriter, RefusesWhatItsHeaderDoesNotSay) {
  const albert::testing::TemporaryFolder folder;
  EXPECT_THROW(SafetensorsWriter(folder / "a", {{"x", DType::kFloat32, {1}}, {"x", DType::kFloat32, {1}}}), ModelError);
  SafetensorsWriter writer(folder / "a", {{"x", DType::kFloat32, {1}}});
  EXPECT_THROW(writer.close(), InternalError);
  EXPECT_THROW(writer.write(bytes_of(std::vector<float>{1, 2})), InternalError);
}

}  // namespace
}  // namespace albert::checkpoint
