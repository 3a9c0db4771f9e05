#include "tasks/common/float_digits.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

namespace albert::tasks {
namespace {

TEST(FloatDigits, AreThoseThatAreWritten) {
  EXPECT_EQ(float_digits(7.1F), 7.1);
  EXPECT_EQ(nlohmann::json(float_digits(7.1F)).dump(), "7.1");
  EXPECT_EQ(fmt::format("{}", float_digits(1.F / 3)), "0.33333334");
  EXPECT_EQ(fmt::format("{}", float_digits(1e-9F)), "1e-09");
  EXPECT_EQ(float_digits(-16777216), -16777216);
  EXPECT_TRUE(std::isnan(float_digits(std::numeric_limits<double>::quiet_NaN())));
}

TEST(FloatDigits, ReadBackAsTheSameNumber) {
  float value = 1e-6F;
  for (int i = 0; i < 87; ++i, value *= 1.37F) {
    const double number = float_digits(value);
    EXPECT_EQ(static_cast<float>(number), value);
    EXPECT_EQ(std::stod(fmt::format("{}", number)), number);
  }
}

}  // namespace
}  // namespace albert::tasks
