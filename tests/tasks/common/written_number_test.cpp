#include "tasks/common/written_number.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"

namespace albert::tasks {
namespace {

using ::testing::EndsWith;
using ::testing::Optional;

std::string refusal(const std::string& text, std::int64_t line = 7) {
  return testing::refusal<DataError>([&] {
    refuse_number(text, {.file = "dev", .line = line, .id = {}}, "",
                  {.missing = "; fill it in", .first_line = "; is this the header?"});
  });
}

TEST(WrittenNumber, IsReadAsPeopleWriteIt) {
  EXPECT_THAT(written_number(" +2.5e1 "), Optional(25));
  for (const char* text : {"", "three", "nan", "inf", "1,5", "1e999", "+-1"}) {
    EXPECT_EQ(written_number(text), std::nullopt) << text;
  }
}

TEST(WrittenNumber, TheAdviceIsRightForEachForm) {
  const std::string decimal = "; write a decimal point in place of the comma";
  const std::string either = decimal + ", or nothing if the comma parts thousands";
  const std::string commas = "; take away the commas that part thousands";
  const std::string points =
      "; take away the points that part thousands, and write a decimal point in place of a comma";
  const std::string minus = "; its minus is the sign U+2212: write a hyphen (-) in its place";
  const std::string percent = "; take the percent sign away from every row";
  for (const auto& [text, advice] :
       {std::pair("1,5", decimal), std::pair("-0,123", decimal), std::pair("1234,567", decimal),
        std::pair("1,234", either), std::pair("-12,345", either), std::pair("1,234.5", commas),
        std::pair("1,234,567", commas), std::pair("1.234,5", points), std::pair("1.234.567", points),
        std::pair("\u22123", minus), std::pair("\u22121,5", minus), std::pair("50%", percent),
        std::pair("12,5 %", percent), std::pair("nan", std::string("; fill it in")),
        std::pair(" ", std::string("; fill it in"))}) {
    EXPECT_THAT(refusal(text), EndsWith("'" + advice)) << text;
  }
  for (const char* text : {"three", "1,23,4", "12.34,5", "3 apples", "%", "\u2212", "1,234.5.6"}) {
    EXPECT_THAT(refusal(text), EndsWith("'")) << text;
  }
  EXPECT_THAT(refusal("score", 1), EndsWith("'; is this the header?"));
  EXPECT_THAT(refusal("1,5", 1), EndsWith("'" + decimal));
}

}  // namespace
}  // namespace albert::tasks
