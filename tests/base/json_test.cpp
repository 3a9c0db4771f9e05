#include "base/json.h"

#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

namespace albert {
namespace {

using ::testing::ElementsAre;
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

std::string problem_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const nlohmann::json::exception& error) {
    return json_problem(error);
  }
  return "";
}

TEST(Json, IsWhatTheLibraryMakesOfIt) {
  for (const char* text : {"null", " [ ] ", "{}", "-1", "18446744073709551615", "1.5e3", R"("a\u00e9\n")", "true",
                           R"({"b": [1, {"a": null}, [[], {}], "x"], "a": {"b": false, "a": {"b": -0.0}}, "": 3})"}) {
    EXPECT_EQ(read_json(text), nlohmann::json::parse(text)) << text;
    EXPECT_EQ(read_ordered_json(text).dump(), nlohmann::ordered_json::parse(text).dump()) << text;
  }
}

TEST(Json, ValuesMayStandOneBehindTheOther) {
  EXPECT_THAT(read_json_values(" {\"a\": 1}\n{\"a\": 2}[3] 4 5 \n"),
              ElementsAre(read_json(R"({"a": 1})"), read_json(R"({"a": 2})"), read_json("[3]"), 4, 5));
  EXPECT_TRUE(read_json_values(" \n").empty());
  EXPECT_EQ(problem_of([] { read_json_values(R"({} {"a": 1, "a": 2})"); }), "the key 'a' is written twice");
  EXPECT_THAT(problem_of([] { read_json_values("{} ]"); }), StartsWith("parse error"));
}

TEST(Json, AKeyIsWrittenOnce) {
  for (const char* text : {R"({"text": 1, "a": 2, "text": 1})", R"([{"a": {"\u0074ext": [], "text": {}}}])"}) {
    EXPECT_EQ(problem_of([&] { read_json(text); }), "the key 'text' is written twice") << text;
    EXPECT_EQ(problem_of([&] { read_ordered_json(text); }), "the key 'text' is written twice") << text;
  }
  EXPECT_NO_THROW(read_json(R"([{"a": {"a": 1}}, {"a": 1}])"));
}

TEST(Json, OfForeignFilesSaysWhatWasExpected) {
  const nlohmann::json file = read_json(R"({"a": {"b": [1, "x"]}, "c": null, "d": -1})");
  const nlohmann::json& a = json_member(file, "a");
  const nlohmann::json& b = json_member(a, "b", "a");
  EXPECT_EQ(json_value<std::int64_t>(b[0], "a.b[0]"), 1);
  EXPECT_EQ(find_json_member(file, "c"), nullptr);
  EXPECT_EQ(find_json_member(file, "x"), nullptr);
  EXPECT_EQ(problem_of([&] { json_member(a, "x", "a"); }), "'a.x' is missing");
  EXPECT_EQ(problem_of([&] { json_member(b, "x", "a.b"); }), R"(a.b: expected an object, found [1,"x"])");
  EXPECT_EQ(problem_of([&] { json_list(file, ""); }).substr(0, 24), "expected a list, found {");
  EXPECT_EQ(problem_of([&] { json_value<std::vector<std::string>>(b, "a.b"); }), "a.b[0]: expected a text, found 1");
  EXPECT_EQ(problem_of([&] { json_value<std::size_t>(file["d"], "d"); }),
            "d: expected a whole number from 0 on, found -1");
  EXPECT_EQ(problem_of([&] { json_value<bool>(b[1], "a.b[1]"); }), R"(a.b[1]: expected true or false, found "x")");
  EXPECT_EQ(problem_of([&] { json_value<double>(b[1], "x"); }), R"(x: expected a number, found "x")");
  EXPECT_NE(problem_of([&] { json_value<std::int64_t>(read_json("9223372036854775808"), "x"); }), "");
}

TEST(Json, NumbersAreOnlyTakenByWhatHoldsThem) {
  EXPECT_EQ(json_value<std::uint32_t>(read_json("4294967295"), "x"), 4294967295U);
  EXPECT_EQ(json_value<std::int32_t>(read_json("-2147483648"), "x"), INT32_MIN);
  for (const char* other : {"4294967296", "-1", "1.0", "1e+300", "true", "\"1\"", "null"}) {
    EXPECT_EQ(problem_of([&] { json_value<std::uint32_t>(read_json(other), "x"); }),
              fmt::format("x: expected a whole number from 0 to 4294967295, found {}", other));
  }
  EXPECT_NE(problem_of([&] { json_value<std::int32_t>(read_json("2147483648"), "x"); }), "");
  const nlohmann::json file = read_json(R"({"a": {"b": 1, "c": -1}, "d": [0.5, 2]})");
  EXPECT_EQ(problem_of([&] { json_value_of<std::map<std::string, std::size_t>>(file, "a"); }),
            "a.c: expected a whole number from 0 on, found -1");
  EXPECT_EQ(json_value_of<std::vector<double>>(file, "d"), (std::vector{0.5, 2.0}));
  EXPECT_EQ(json_list_of(file, "d").size(), 2U);
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
