#include <ATen/Parallel.h>

#include "ops/compare.h"
#include "ops/fast.h"
#include "ops/plain.h"

namespace albert::ops::testing {
namespace {

struct Case {
  const char* name;
  Offsets queries, keys;
  std::int64_t heads, head_size;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> kAll = {
      {"equal lengths", {0, 32, 64}, {0, 32, 64}, 2, 64},
      {"ragged", {0, 5, 22, 59}, {0, 5, 22, 59}, 3, 16},
      {"one query a sequence", {0, 1, 2, 3}, {0, 7, 40, 57}, 2, 32},
      {"no query in one sequence", {0, 0, 3, 3}, {0, 9, 20, 21}, 2, 16},
      {"odd sizes", {0, 3, 16}, {0, 11, 24}, 3, 7},
      {"several blocks of queries", {0, 150}, {0, 301}, 1, 16},
      {"one token", {0, 1}, {0, 1}, 2, 16},
  };
  return kAll;
}

Inputs inputs_of(const Case& c, at::ScalarType type) {
  const std::int64_t hidden = c.heads * c.head_size;
  return {normal({c.queries.back(), hidden}, type, 1), normal({c.keys.back(), hidden}, type, 2),
          normal({c.keys.back(), hidden}, type, 3)};
}

Dropout dropout_of(const Case& c, double probability) {
  return {probability, 0x123456789abcdef, at::arange(c.queries.back(), at::kLong) * 77 + (std::int64_t{3} << 33)};
}

Operation plain_form(const Case& c, double probability) {
  return [&c, probability](const Inputs& in) {
    return plain::attention(in[0], in[1], in[2], c.queries, c.keys, c.heads, dropout_of(c, probability));
  };
}

Operation fast_form(const Case& c, double probability) {
  return [&c, probability](const Inputs& in) {
    return fast::attention(in[0], in[1], in[2], c.queries, c.keys, c.heads, dropout_of(c, probability));
  };
}

using AttentionForms = FormsTest;
ALBERT_FOR_EVERY_FORM(AttentionForms);

TEST_P(AttentionForms, PlainAndFastAgree) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    expect_equal(fast_form(c, 0), plain_form(c, 0), inputs_of(c, type()));
  }
}

TEST_P(AttentionForms, PlainAndFastDropTheSame) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    expect_equal(fast_form(c, 0.3), plain_form(c, 0.3), inputs_of(c, type()));
  }
}

TEST_P(AttentionForms, RepeatsExactlyOnAnyNumberOfThreads) {
  for (const double probability : {0.0, 0.1}) {
    const Case& c = cases()[1];
    const Outcome first = outcome_of(fast_form(c, probability), inputs_of(c, type()));
    expect_identical(outcome_of(fast_form(c, probability), inputs_of(c, type())), first);
    const int threads = at::get_num_threads();
    at::set_num_threads(1);
    expect_identical(outcome_of(fast_form(c, probability), inputs_of(c, type())), first);
    at::set_num_threads(threads);
  }
}

TEST_P(AttentionForms, TheComparisonSeesOneWrongKey) {
  const Case& c = cases()[0];
  Inputs inputs = inputs_of(c, type());
  const Outcome right = outcome_of(plain_form(c, 0), inputs);
  inputs[1][3] += 0.5;
  const Outcome wrong = outcome_of(fast_form(c, 0), inputs);
  EXPECT_GT(distance(wrong.value, right.value), tolerance(type()));
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_GT(distance(wrong.gradients[i], right.gradients[i]), tolerance(type())) << i;
}

TEST_P(AttentionForms, RowsOfAWiderProduct) {
  const at::Tensor all = normal({20, std::int64_t{3} * 32}, type(), 5);
  const Offsets offsets = {0, 8, 20};
  const auto split = [&](const auto& form) {
    return [&offsets, form](const Inputs& in) {
      const auto parts = in[0].chunk(3, 1);
      return form(parts[0], parts[1], parts[2], offsets, offsets, 2, Dropout());
    };
  };
  expect_equal(split(fast::attention), split(plain::attention), {all});
}

TEST(Attention, PlainGradientsAreSlopes) {
  const Case& c = cases()[1];
  expect_gradient_is_slope(plain_form(c, 0), inputs_of(c, at::kFloat));
  expect_gradient_is_slope(plain_form(c, 0.2), inputs_of(c, at::kFloat));
}

TEST(Attention, LargeScoresStayFinite) {
  const Case& c = cases()[0];
  Inputs inputs = inputs_of(c, at::kFloat);
  inputs[0] *= 300;
  const Outcome outcome = outcome_of(fast_form(c, 0), inputs);
  EXPECT_TRUE(at::isfinite(outcome.value).all().item<bool>());
  for (const at::Tensor& gradient : outcome.gradients) EXPECT_TRUE(at::isfinite(gradient).all().item<bool>());
}

TEST(Attention, NotANumberIsNotHidden) {
  const Case& c = cases()[0];
  Inputs inputs = inputs_of(c, at::kBFloat16);
  inputs[1][0][0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(at::isnan(fast_form(c, 0)(inputs)).any().item<bool>());
}

TEST(Attention, PackingChangesNothing) {
  const Case& c = cases()[1];
  const Inputs in = inputs_of(c, at::kBFloat16);
  const Dropout dropout = dropout_of(c, 0.1);
  const at::Tensor together = fast::attention(in[0], in[1], in[2], c.queries, c.keys, c.heads, dropout);
  for (std::size_t b = 0; b + 1 < c.queries.size(); ++b) {
    const auto rows = [&](const at::Tensor& x) { return x.slice(0, c.queries[b], c.queries[b + 1]); };
    const Offsets offsets = {0, c.queries[b + 1] - c.queries[b]};
    const Dropout part{dropout.probability, dropout.key, rows(dropout.row_numbers)};
    const at::Tensor alone = fast::attention(rows(in[0]), rows(in[1]), rows(in[2]), offsets, offsets, c.heads, part);
    EXPECT_TRUE(at::equal(alone, rows(together))) << b;
  }
}

}  // namespace
}  // namespace albert::ops::testing
