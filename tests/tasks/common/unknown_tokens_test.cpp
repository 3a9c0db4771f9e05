#include "tasks/common/unknown_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_tokenizer.h"
#include "support/log_capture.h"

namespace albert::tasks {
namespace {

/// One sequence after another.
class Texts : public ItemSet {
 public:
  explicit Texts(const std::vector<std::vector<std::int32_t>>& texts) {
    for (const std::vector<std::int32_t>& text : texts) items_.emplace_back().sequences.push_back({.token_ids = text});
  }
  std::size_t num_items() const override { return items_.size(); }
  const model::Item& item(std::size_t index) const override { return items_[index]; }
  void take_scores(std::size_t /*index*/, std::span<const float> /*scores*/) override {}

 private:
  std::vector<model::Item> items_;
};

std::string warning(const std::vector<std::vector<std::int32_t>>& texts) {
  const testing::LogCapture log;
  warn_of_unknown_tokens(Texts(texts), testing::FakeTokenizer(), "dev.tsv");
  return log.text();
}

TEST(UnknownTokens, AreToldAboveAShareOfTheTexts) {
  const std::vector<std::int32_t> known(21, 7);
  std::vector<std::int32_t> one_of_20(20, 7);
  one_of_20[3] = 1;
  EXPECT_EQ(warning({known}), "");
  EXPECT_EQ(warning({one_of_20}), "");
  EXPECT_EQ(warning({known, one_of_20}), "");
  EXPECT_THAT(warning({{2, 1, 7, 3}, known, {2, 1, 1, 3}}),
              ::testing::AllOf(::testing::HasSubstr("dev.tsv: 12.0% of the tokens (3 of 25)"),
                               ::testing::HasSubstr("another language")));
}

TEST(UnknownTokens, OfNothingAreNothing) {
  EXPECT_EQ(warning({}), "");
  EXPECT_EQ(warning({{2, 3}}), "");
}

}  // namespace
}  // namespace albert::tasks
