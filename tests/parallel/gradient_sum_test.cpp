#include "parallel/gradient_sum.h"

#include "support/alone.h"

namespace albert::parallel {
namespace {

TEST(GradientSum, OfOneRankIsWhatThereWas) {
  const at::Tensor first = at::ones({2, 3}).set_requires_grad(true), second = at::ones({4}).set_requires_grad(true);
  first.mutable_grad() = at::full({2, 3}, 2.0);
  const void* const data = first.grad().const_data_ptr();
  GradientSum({{"first", first}, {"second", second}}, testing::alone(), {.type = GradientType::kBFloat16}).run();
  EXPECT_EQ(first.grad().const_data_ptr(), data);
  EXPECT_FALSE(second.grad().defined());
}

TEST(Group, OneRankHasWhatItGives) {
  Group& alone = testing::alone();
  at::Tensor values = at::arange(3);
  alone.sum(values);
  alone.broadcast(values);
  EXPECT_TRUE(values.equal(at::arange(3)));
  EXPECT_EQ(alone.broadcast(std::string("text")), "text");
  EXPECT_EQ(alone.gather("report"), std::vector<std::string>{"report"});
  EXPECT_TRUE(alone.is_first());
}

}  // namespace
}  // namespace albert::parallel
