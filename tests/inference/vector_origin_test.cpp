#include "inference/vector_origin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::inference {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class VectorOriginTest : public ::testing::Test {
 protected:
  std::string difference(const VectorOrigin& expected) const {
    return albert::testing::error_of<DataError>([&] { check_origin(origin_, expected, index_); });
  }

  testing::TemporaryFolder folder_;
  std::filesystem::path index_ = folder_ / "index.npy";
  VectorOrigin origin_{.model = "models/a",
                       .weights = "w",
                       .shape = "s",
                       .tokenizer = "t",
                       .pooling = model::EmbeddingPooling::kFirstToken,
                       .max_length = 64};
};

TEST_F(VectorOriginTest, IsReadAsItWasWritten) {
  EXPECT_FALSE(read_origin(index_));
  write_origin(origin_, index_);
  const auto found = read_origin(index_);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->model, "models/a");
  EXPECT_EQ(found->pooling, model::EmbeddingPooling::kFirstToken);
  EXPECT_NO_THROW(check_origin(*found, origin_, index_));
}

TEST_F(VectorOriginTest, EveryDifferenceIsNamed) {
  VectorOrigin other = origin_;
  other.model = "moved/a";
  EXPECT_EQ(difference(other), "");
  other.weights = "x";
  other.pooling = model::EmbeddingPooling::kMean;
  EXPECT_THAT(difference(other), AllOf(HasSubstr("index.npy"), HasSubstr("moved/a"), HasSubstr("made with models/a"),
                                       HasSubstr(R"(weights: expected "x", found "w")"),
                                       HasSubstr(R"(pooling: expected "mean", found "first")")));
  EXPECT_THAT(difference(other), Not(HasSubstr("tokenizer:")));
}

TEST_F(VectorOriginTest, DamageIsNamed) {
  for (const char* text : {"{", "[]", R"({"pooling": "last"})", R"({"max_length": "long"})"}) {
    testing::write_file(origin_path(index_), text);
    EXPECT_THROW(read_origin(index_), DataError) << text;
  }
}

}  // namespace
}  // namespace albert::inference
