#include "base/error.h"
#include "base/random.h"
#include "ops/compare.h"
#include "ops/dropout_mask.h"
#include "ops/fast.h"
#include "ops/plain.h"

namespace albert::ops::testing {
namespace {

constexpr std::uint64_t kKey = 0xfedcba9876543210;

at::Tensor dropped(const at::Tensor& row_numbers, std::int64_t columns, double probability, std::uint64_t key = kKey) {
  return dropout_factors({probability, key, row_numbers}, 1, columns, at::kCPU).squeeze(0).eq(0);
}

double correlation(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor x = a.to(at::kDouble) - a.to(at::kDouble).mean();
  const at::Tensor y = b.to(at::kDouble) - b.to(at::kDouble).mean();
  return ((x * y).sum() / (x.norm() * y.norm())).item<double>();
}

/// The rule of dropout_mask.h, written out for one element.
bool is_dropped(std::uint64_t row, std::uint32_t head, std::uint32_t column, std::uint32_t threshold) {
  const std::uint32_t within = column % 128;
  const auto words = philox(kKey, {static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(row >> 32),
                                   column / 128 * 16 + within % 16, head});
  const std::uint32_t word = words[within / 32];
  return (within / 16 % 2 == 1 ? word >> 16 : word & 0xffff) < threshold;
}

TEST(DropoutFactors, FollowTheScalarGenerator) {
  const std::vector<std::int64_t> rows = {0, 7, (std::int64_t{5} << 32) + 9, 1234567};
  const at::Tensor factors = dropout_factors({0.25, kKey, at::tensor(rows)}, 3, 300, at::kCPU);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::uint32_t head = 0; head < 3; ++head) {
      for (std::uint32_t column = 0; column < 300; column += 7) {
        const bool expected = is_dropped(static_cast<std::uint64_t>(rows[r]), head, column, dropout_threshold(0.25));
        EXPECT_EQ(factors[head][static_cast<std::int64_t>(r)][column].item<float>() == 0, expected)
            << r << " " << head << " " << column;
      }
    }
  }
}

TEST(DropoutFactors, DropTheRightShare) {
  for (const double probability : {0.1, 0.5, 0.9}) {
    const at::Tensor mask = dropped(at::arange(400), 500, probability);
    const double sigma = std::sqrt(probability * (1 - probability) / 200000);
    EXPECT_NEAR(mask.to(at::kDouble).mean().item<double>(), probability, 5 * sigma);
  }
}

TEST(DropoutFactors, KeepTheExpectation) {
  const at::Tensor factors = dropout_factors({0.1, kKey, at::arange(400)}, 1, 500, at::kCPU);
  EXPECT_NEAR(factors.mean().item<double>(), 1, 0.005);
  for (const double probability : {0.1, 0.3}) {
    const std::uint32_t threshold = dropout_threshold(probability);
    EXPECT_NEAR(dropout_scale(threshold) * (1 - threshold / 65536.0), 1, 1e-6);
  }
}

TEST(DropoutFactors, RowsColumnsAndKeysAreIndependent) {
  const at::Tensor mask = dropped(at::arange(400), 512, 0.5);
  constexpr double kBound = 5.0 / 450;  // five deviations of a correlation over 200,000 elements
  EXPECT_LT(std::abs(correlation(mask.slice(0, 1), mask.slice(0, 0, -1))), kBound);
  for (const std::int64_t lag : {1, 16, 32, 128}) {
    EXPECT_LT(std::abs(correlation(mask.slice(1, lag), mask.slice(1, 0, -lag))), kBound) << lag;
  }
  EXPECT_LT(std::abs(correlation(mask, dropped(at::arange(400), 512, 0.5, kKey + 1))), kBound);
  const at::Tensor heads = dropout_factors({0.5, kKey, at::arange(400)}, 2, 512, at::kCPU);
  EXPECT_LT(std::abs(correlation(heads[0], heads[1])), kBound);
}

TEST(DropoutFactors, RejectAnImpossibleProbability) {
  EXPECT_THROW(dropout_threshold(1.0), InternalError);
  EXPECT_THROW(dropout_threshold(-0.1), InternalError);
}

using DropoutForms = FormsTest;
ALBERT_FOR_EVERY_FORM(DropoutForms);

TEST_P(DropoutForms, PlainAndFastAgree) {
  for (const std::int64_t columns : {1, 24, 128, 300}) {
    const Dropout site{0.2, kKey, at::arange(70) * 13};
    expect_equal([&](const Inputs& in) { return fast::dropout(in[0], site); },
                 [&](const Inputs& in) { return plain::dropout(in[0], site); }, {normal({70, columns}, type(), 1)});
  }
}

TEST_P(DropoutForms, AnotherPackingDropsTheSame) {
  const at::Tensor x = normal({70, 96}, type(), 2);
  const at::Tensor numbers = at::arange(70) * 13;
  const at::Tensor together = fast::dropout(x, {0.2, kKey, numbers});
  const at::Tensor order = at::arange(69, -1, -1);
  EXPECT_TRUE(at::equal(fast::dropout(x.index_select(0, order), {0.2, kKey, numbers.index_select(0, order)}),
                        together.index_select(0, order)));
}

TEST(Dropout, ProbabilityZeroIsTheInput) {
  const at::Tensor x = normal({3, 4}, at::kFloat, 1);
  EXPECT_TRUE(at::equal(dropout(x, Dropout()), x));
}

}  // namespace
}  // namespace albert::ops::testing
