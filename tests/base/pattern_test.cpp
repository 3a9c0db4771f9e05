#include "base/pattern.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"

namespace albert {
namespace {

using ::testing::HasSubstr;

TEST(Pattern, IsFoundAnywhereInALine) {
  Pattern pattern("(^|\\.)bias$", "the pattern");
  EXPECT_TRUE(pattern.found_in("bias"));
  EXPECT_TRUE(pattern.found_in("albert.encoder.bias"));
  EXPECT_FALSE(pattern.found_in("albert.bias_of.weight"));
  EXPECT_TRUE(Pattern("^第.章", "the pattern").found_in("第一章"));
}

TEST(Pattern, NoExpressionEndsTheProcess) {
  const auto refusal = [](const std::string& pattern, const std::string& line) {
    return testing::refusal<UsageError>([&] { Pattern(pattern, "the pattern").found_in(line); });
  };
  EXPECT_THAT(refusal("a(", ""), HasSubstr("the pattern 'a(' is no regular expression: U_REGEX_MISMATCHED_PAREN"));
  constexpr std::size_t kDepth = 100'000;
  EXPECT_THAT(refusal(std::string(kDepth, '(') + "a" + std::string(kDepth, ')'), "a"),
              HasSubstr("the pattern '((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((...' "));
  EXPECT_THAT(refusal("(a+)+$", std::string(1000, 'a') + "b"), HasSubstr("simplify the expression"));
}

}  // namespace
}  // namespace albert
