#include "inference/search.h"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "base/random.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::inference {
namespace {

using ::testing::ElementsAre;

class VectorIndexTest : public ::testing::Test {
 protected:
  fs::path write(const std::vector<float>& values, std::int64_t num_columns) const {
    const fs::path path = folder_ / "index.npy";
    NpyWriter writer(path, num_columns);
    for (std::size_t i = 0; i < values.size(); i += static_cast<std::size_t>(num_columns)) {
      writer.add(std::span(values).subspan(i, static_cast<std::size_t>(num_columns)));
    }
    writer.commit();
    return path;
  }

  testing::TemporaryFolder folder_;
};

TEST_F(VectorIndexTest, AMatrixIsReadAsItWasWritten) {
  const std::vector<float> values = {1, 2, 3, 4, 5, 6};
  const NpyMatrix matrix(write(values, 3));
  EXPECT_EQ(matrix.num_rows(), 2);
  EXPECT_EQ(matrix.num_columns(), 3);
  EXPECT_TRUE(std::ranges::equal(matrix.values(), values));
  EXPECT_EQ(read_file(folder_ / "index.npy").size(), 128 + 6 * sizeof(float));
}

TEST_F(VectorIndexTest, AFileThatIsNotCommittedLeavesTheOldOne) {
  const fs::path path = write({1, 2, 3}, 3);
  {
    NpyWriter writer(path, 3);
    writer.add(std::vector<float>{4, 5, 6});
  }
  EXPECT_EQ(NpyMatrix(path).values()[0], 1);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / ""), fs::directory_iterator()), 1);
}

TEST_F(VectorIndexTest, RefusesDamagedFiles) {
  const fs::path path = write({1, 2, 3}, 3);
  const std::string whole = read_file(path);
  const std::string integers = std::string(whole).replace(whole.find("<f4"), 3, "<i4");
  for (const std::string& bytes : {whole.substr(0, whole.size() - 1), whole + "x", whole.substr(0, 60), integers,
                                   std::string("text"), std::string()}) {
    testing::write_file(path, bytes);
    EXPECT_THROW(NpyMatrix{path}, DataError) << bytes.size();
  }
}

TEST_F(VectorIndexTest, HeadersOfOthersAreReadWithinBounds) {
  const fs::path path = folder_ / "foreign.npy";
  const auto write_header = [&](std::string header, std::size_t size) {
    header.resize(size, ' ');
    const std::string length{static_cast<char>(size & 0xff), static_cast<char>(size >> 8)};
    testing::write_file(path, std::string("\x93NUMPY\x01\x00", 8) + length + header + std::string(8, '\0'));
  };
  const std::string matrix = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }";
  write_header(matrix, 118);
  EXPECT_EQ(NpyMatrix(path).num_columns(), 2);
  write_header(" { 'descr' : '<f4' ,'fortran_order':False,'shape':( 1,2 )\t}", 9990);
  EXPECT_EQ(NpyMatrix(path).num_rows(), 1);
  write_header(matrix, 40'000);
  EXPECT_THAT(testing::error_of<DataError>([&] { NpyMatrix{path}; }),
              ::testing::HasSubstr("40000 bytes; expected at most"));
  for (const char* shape : {"(1, 2, )", "(1,)", "(-1, -2)", "(9223372036854775807, 4)", "(4611686018427387906, 1)",
                            "(99999999999999999999, 2)", "(1, 2)}", "(1 2)", "1, 2"}) {
    write_header("{'descr': '<f4', 'fortran_order': False, 'shape': " + std::string(shape) + ", }", 118);
    EXPECT_THROW(NpyMatrix{path}, DataError) << shape;
  }
}

TEST_F(VectorIndexTest, FindsWhatComparingAllFinds) {
  constexpr std::int64_t kRows = 20000, kSize = 4;  // several blocks
  std::vector<float> values(kRows * kSize);
  Random random(5, 0);
  for (float& value : values) value = static_cast<float>(random.normal());
  const VectorIndex index(write(values, kSize));
  const std::vector<float> query = {0.5F, -0.5F, 0.5F, 0.5F};
  std::vector<std::pair<double, std::int64_t>> expected;
  for (std::int64_t row = 0; row < kRows; ++row) {
    double product = 0, square = 0;
    for (std::int64_t i = 0; i < kSize; ++i) {
      const double value = values[static_cast<std::size_t>(row * kSize + i)];
      product += value * query[static_cast<std::size_t>(i)];
      square += value * value;
    }
    expected.emplace_back(-product / std::sqrt(square), row);
  }
  std::ranges::sort(expected);
  const auto found = index.search(query, 10);
  ASSERT_EQ(found.size(), 1u);
  ASSERT_EQ(found[0].size(), 10u);
  for (std::size_t i = 0; i < 10; ++i) EXPECT_NEAR(found[0][i].cosine, -expected[i].first, 1e-6);
  EXPECT_EQ(found[0][0].row, expected[0].second);
}

TEST_F(VectorIndexTest, OfEqualsTheEarlierComesFirst) {
  const VectorIndex index(write({0, 1, 1, 0, 2, 0, 1, 0}, 2));
  const auto found = index.search(std::vector<float>{1, 0, 0, 1}, 3);
  std::vector<std::int64_t> rows;
  for (const Neighbour& neighbour : found[0]) rows.push_back(neighbour.row);
  EXPECT_THAT(rows, ElementsAre(1, 2, 3));
  EXPECT_EQ(found[1][0].row, 0);
  EXPECT_EQ(index.search(std::vector<float>{1, 0}, 9)[0].size(), 4u);
}

}  // namespace
}  // namespace albert::inference
