#include "corpus/store/assembly_settings.h"

#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"

namespace albert::corpus {
namespace {

using ::testing::HasSubstr;
using Settings = std::map<std::string, std::string>;

TEST(AssemblySettings, AreReadAsTheyWereWritten) {
  for (const Deduplicate deduplicate : {Deduplicate::kNone, Deduplicate::kExact, Deduplicate::kNear}) {
    for (const HeldOutBy by : {HeldOutBy::kDocuments, HeldOutBy::kSections}) {
      const AssemblySettings expected{
          .held_out = 0.05, .held_out_by = by, .deduplicate = deduplicate, .max_documents_of_line = 7};
      Settings settings;
      expected.write_to(settings);
      EXPECT_EQ(AssemblySettings::from(settings), expected);
    }
  }
}

TEST(AssemblySettings, OfAnotherProgramAreRefused) {
  const auto refusal = [](const Settings& settings) {
    return testing::refusal<DataError>([&] { AssemblySettings::from(settings); });
  };
  EXPECT_THAT(refusal({}), HasSubstr("the setting held_out is missing"));
  EXPECT_THAT(refusal({{"held_out", "a"}}), HasSubstr("the setting held_out: expected a number, found 'a'"));
  EXPECT_THAT(refusal({{"held_out", "0"}, {"deduplicate", "foo"}}),
              HasSubstr("the setting deduplicate: expected none or exact or near, found 'foo'"));
  EXPECT_THAT(refusal({{"held_out", "0"}, {"held_out_by", "pages"}}),
              HasSubstr("the setting held_out_by: expected documents or sections, found 'pages'"));
  EXPECT_THAT(refusal({{"held_out", "0"}, {"drop_repeated_lines", "5x"}}), HasSubstr("drop_repeated_lines"));
}

}  // namespace
}  // namespace albert::corpus
