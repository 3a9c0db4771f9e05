#include "tasks/common/json_object.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "support/refusal.h"
#include "tasks/common/tab_columns.h"

namespace albert::tasks {
namespace {

using ::testing::HasSubstr;

const Place kPlace{.file = "x.jsonl", .line = 3, .id = {}};

TEST(JsonObject, IsReadFromALine) {
  EXPECT_EQ(parse_json_object(R"({"a": [1]})", kPlace)["a"][0], 1);
  const auto refusal = [](std::string_view line) {
    return testing::refusal<DataError>([&] { parse_json_object(line, kPlace); });
  };
  EXPECT_THAT(refusal("{"), HasSubstr("x.jsonl:3: not valid JSON"));
  EXPECT_THAT(refusal("[]"), HasSubstr("x.jsonl:3: expected a JSON object on each line, found an array"));
  EXPECT_THAT(refusal(R"({"n": 1e999})"), HasSubstr("x.jsonl:3: JSON that cannot be read"));
  EXPECT_THAT(refusal(R"({"a": "b\\\u0000"})"), HasSubstr("x.jsonl:3: a NUL (\\u0000) in a text, at byte 11"));
  EXPECT_EQ(parse_json_object(R"({"a": "\\u0000"})", kPlace)["a"], "\\u0000");  // the characters themselves
}

TEST(JsonObject, HasAnId) {
  const auto id = [](const char* object) { return json_id(nlohmann::json::parse(object), kPlace); };
  EXPECT_EQ(id(R"({"id": "a"})"), "a");
  EXPECT_EQ(id(R"({"id": 7})"), "7");
  EXPECT_EQ(id("{}"), "3");
}

TEST(JsonObject, AddsMembersBehindTheOthers) {
  EXPECT_EQ(add_json_members(R"({"z": 1, "text": "é"})", {{"prediction", "b"}, {"p", {0.5}}}),
            R"({"z": 1,"text": "é","prediction":"b","p":[0.5]})");
  EXPECT_EQ(add_json_members(" { } ", {{"p", 1}}), R"({"p":1})");
  EXPECT_EQ(add_json_members(R"({"\u0070": 0})", {{"p", 1}}), R"({"\u0070": 0})") << "what is there stays";
}

TEST(JsonObject, MembersOfTheAnswerMayNotBeThereBefore) {
  EXPECT_NO_THROW(check_new_members({"p"}, R"({"q": {"p": 1}, "P": 2})", kPlace));
  const auto refusal = testing::refusal<DataError>([] { check_new_members({"p"}, R"({"\u0070": 0})", kPlace); });
  EXPECT_THAT(refusal, HasSubstr("x.jsonl:3: there is a member 'p' already"));
}

TEST(JsonObject, WithoutAnAnswerItStaysAsItIs) {
  EXPECT_EQ(object_without_answer(R"( {"a":  1} )", {"p"}), R"({"a":  1})");
  const std::string deep = R"({"a": )" + std::string(300, '[') + std::string(300, ']') + "}";
  for (const std::string& other : {std::string(R"({"p": 1})"), std::string("{"), std::string("[]"), std::string(),
                                   std::string("null"), std::string(R"({"a": 1, "a": 2})"), deep}) {
    EXPECT_EQ(object_without_answer(other, {"p"}), "{}") << other;
  }
}

TEST(JsonObject, WithoutAnAnswerItHasNoMemberThatWouldBeTakenForOne) {
  EXPECT_EQ(object_without_answer(R"({"id":7, "p": [1], "text":"a"})", {"p"}), R"({"id":7,"text":"a"})");
}

TEST(JsonObject, WholeNumbersMayBeWrittenAsFractions) {
  for (const char* whole : {"7", "7.0", "7e0", "70e-1"}) {
    EXPECT_EQ(whole_json_number(parse_json(whole, kPlace)), 7) << whole;
  }
  EXPECT_EQ(whole_json_number(parse_json("-1.0", kPlace)), -1);
  for (const char* other : {"7.5", "\"7\"", "1e300", "18446744073709551615", "null", "[7]"}) {
    EXPECT_EQ(whole_json_number(parse_json(other, kPlace)), std::nullopt) << other;
  }
  EXPECT_EQ(json_id(parse_json(R"({"id": 3.0})", kPlace), kPlace), "3");
}

TEST(JsonObject, WhatTheObjectHeldStaysAsItStands) {
  for (const char* member :
       {R"("id": 12345678901234567890123)", R"("price":1.10)", R"("e" : 1E+2)", R"("zero": -0)",
        R"("escaped": "\u00e9\"},{[\\")", R"("list": [1, {"p": [2.0]}, "]"])", R"("p\"": {"p": 0})"}) {
    const std::string object = std::string("{") + member + "}";
    EXPECT_EQ(add_json_members(object, {{"p", 1}}), std::string("{") + member + R"(,"p":1})");
  }
}

}  // namespace
}  // namespace albert::tasks
