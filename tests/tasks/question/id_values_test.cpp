#include "tasks/question/id_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::tasks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::ThrowsMessage;

class IdValues : public ::testing::Test {
 protected:
  std::filesystem::path file(std::string_view content) {
    testing::write_file(folder_ / "values.json", content);
    return folder_ / "values.json";
  }

  testing::TemporaryFolder folder_;
};

TEST_F(IdValues, KeepTheOrderOfTheFile) {
  EXPECT_THAT(read_texts_by_id(file(R"({"z": "1", "a": "", "m": "\u00e9"})")),
              ElementsAre(Pair("z", "1"), Pair("a", ""), Pair("m", "é")));
  EXPECT_THAT(read_numbers_by_id(file(R"({"z": -1.5, "a": 2, "m": -3})")),
              ElementsAre(Pair("z", -1.5), Pair("a", 2), Pair("m", -3)));
}

TEST_F(IdValues, NoneInAnEmptyObject) {
  EXPECT_THAT(read_texts_by_id(file("{}")), IsEmpty());
}

TEST_F(IdValues, RefuseWhatIsNotOne) {
  const auto refuses = [&](const char* content, const char* expected) {
    EXPECT_THAT([&] { read_texts_by_id(file(content)); }, ThrowsMessage<DataError>(HasSubstr(expected))) << content;
  };
  refuses(R"({"q1": 3})", "values.json: q1: expected a text, found 3");
  refuses(R"({"q0": "x", "q1": ["x"]})", "q1: expected a text, found a list");
  refuses(R"({"q1": {"text": "x"}})", "q1: expected a text, found an object");
  refuses(R"({"a": "1", "b": "2", "a": "3"})", "values.json: the key 'a' is written twice");
  refuses(R"(["x"])", "expected an object {id: a text}, found a list");
  refuses(R"("x")", "expected an object {id: a text}, found a single value");
  refuses(R"({"q1": "x")", "no valid JSON at byte 11");
  EXPECT_THAT([&] { read_numbers_by_id(file(R"({"q1": "0.5"})")); },
              ThrowsMessage<DataError>(HasSubstr("q1: expected a number, found \"0.5\"")));
}

}  // namespace
}  // namespace albert::tasks
