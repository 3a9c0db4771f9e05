#include "tasks/common/json_object.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace albert::tasks {
namespace {

TEST(JsonObject, AddsMembersBehindTheOthersOrInsteadOfThem) {
  EXPECT_EQ(add_json_members(R"({"z": 1, "prediction": 0, "text": "é"})", {{"prediction", "b"}, {"p", {0.5}}}),
            R"({"z": 1,"text": "é","prediction":"b","p":[0.5]})");
  EXPECT_EQ(add_json_members(" { } ", {{"p", 1}}), R"({"p":1})");
  EXPECT_EQ(add_json_members(R"({"\u0070": 0})", {{"p", 1}}), R"({"p":1})");
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
