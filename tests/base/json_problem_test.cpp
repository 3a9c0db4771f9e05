#include "base/json_problem.h"

#include <stdexcept>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace albert {
namespace {

using ::testing::StartsWith;

/// Both readings of what the library throws for a text that is to hold a number.
std::pair<std::string, std::string> problems_of(const std::string& text) {
  try {
    const int number = nlohmann::json::parse(text).get<int>();
    return {std::to_string(number), ""};
  } catch (const nlohmann::json::exception& error) {
    return {std::string(json_problem(error)), std::string(json_problem_without_place(error))};
  }
}

TEST(JsonProblem, LeavesOutTheNumberOfTheException) {
  EXPECT_THAT(problems_of("{\n\"a\": tru}").first, StartsWith("parse error at line 2, column 9: syntax error while"));
  EXPECT_THAT(problems_of("{\n\"a\": tru}").second, StartsWith("syntax error while parsing value"));
  EXPECT_EQ(problems_of("1e999").first, "number overflow parsing '1e999'");
  EXPECT_EQ(problems_of("1e999").second, "number overflow parsing '1e999'");
  EXPECT_EQ(problems_of("\"a\"").first, "type must be number, but is string");
  EXPECT_EQ(json_problem(std::runtime_error("[other] text")), "[other] text");
}

}  // namespace
}  // namespace albert
