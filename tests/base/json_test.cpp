#include "base/json.h"

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
    const int number = read_json(text).get<int>();
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

std::string nested(std::size_t depth, char open, char close) {
  std::string text(depth, open);
  if (open == '{') {
    text.clear();
    for (std::size_t i = 0; i < depth; ++i) text += R"({"a":)";
    text += '1';
  }
  return text + std::string(depth, close);
}

TEST(Json, IsReadToADepthThatNothingBreaksAt) {
  for (const auto& [open, close] : {std::pair('[', ']'), std::pair('{', '}')}) {
    EXPECT_NO_THROW(read_json(nested(kMaxJsonDepth, open, close)));
    EXPECT_NO_THROW(read_ordered_json(nested(kMaxJsonDepth, open, close)));
    for (const std::size_t depth : {kMaxJsonDepth + 1, std::size_t{1'000'000}}) {
      EXPECT_THROW(read_json(nested(depth, open, close)), nlohmann::json::parse_error);
      EXPECT_THROW(read_ordered_json(nested(depth, open, close)), nlohmann::json::parse_error);
    }
  }
  EXPECT_THAT(problems_of(nested(300, '[', ']')).second, StartsWith("objects and lists are nested deeper than 256"));
}

TEST(Json, BracketsInTextsAndOneAfterTheOtherAreNoDepth) {
  EXPECT_NO_THROW(read_json("[\"" + std::string(1000, '[') + "\\\"" + std::string(1000, '{') + "\"]"));
  std::string many = "[[]";
  for (int i = 0; i < 1000; ++i) many += ",[]";
  EXPECT_EQ(read_json(many + "]").size(), 1001U);
  for (const char* broken : {R"([")", R"("\)", "]]]", "[1,2", R"("\")"}) {
    EXPECT_THROW(read_json(broken), nlohmann::json::parse_error) << broken;
  }
}

TEST(Json, OfForeignTextsIsWrittenWhateverTheirBytes) {
  EXPECT_EQ(dump_json(nlohmann::json{{"a\xff", "\xfe.tsv"}}), "{\"a\ufffd\":\"\ufffd.tsv\"}");
  EXPECT_EQ(dump_json(nlohmann::ordered_json{{"b", 1}, {"a", "\xff"}}, 1), "{\n \"b\": 1,\n \"a\": \"\ufffd\"\n}");
}

TEST(Json, IsQuotedShortly) {
  EXPECT_EQ(short_json(read_json(R"({"a": [1, "b"]})")), R"({"a":[1,"b"]})");
  EXPECT_EQ(short_json(read_json("[" + std::string(5000, ' ') + "1]")), "[1]");
  const std::string text = short_json(nlohmann::json(std::string(5000, 'x')));
  EXPECT_EQ(text, "\"" + std::string(59, 'x') + "...");
  EXPECT_EQ(short_json(read_ordered_json(R"({"b": 1, "a": 2})")), R"({"b":1,"a":2})");
  EXPECT_EQ(short_json(nlohmann::json("\xff")), "\"\ufffd\"");
}

}  // namespace
}  // namespace albert
