#include "host/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "host/sound_host.h"

namespace albert::host {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::sound_host;

TEST(HostReport, TellsPeopleAndPrograms) {
  Facts facts = sound_host();
  EXPECT_THAT(to_text(facts, {}), HasSubstr("Nothing to change."));
  EXPECT_THAT(to_text(facts, {}), HasSubstr("  to predict      int8, else float32\n"));
  facts.memory.limit = 4'000'000'000;
  const std::vector<Advice> advice{{Weight::kSlow, "a thing; change it"}};
  EXPECT_THAT(to_text(facts, advice), HasSubstr("\n  slow: a thing; change it\n"));
  EXPECT_THAT(to_text(facts, advice), HasSubstr("limited to 4.0 GB"));
  const auto json = nlohmann::json::parse(to_json(facts, advice));
  EXPECT_EQ(json["memory"]["limit_bytes"], 4'000'000'000);
  EXPECT_EQ(json["advice"][0]["weight"], "slow");
  EXPECT_EQ(json["run_dir"]["links"], "symbolic");
  EXPECT_FALSE(json["cores"].contains("quota"));
}

TEST(HostReport, WhatAVariableHoldsStaysOnItsLine) {
  Facts facts = sound_host();
  facts.variables = {{"OMP_PLACES", "a\nprocessor  \x1b[31m"}};
  EXPECT_THAT(to_text(facts, {}), Not(HasSubstr("\nprocessor  \x1b")));
}

}  // namespace
}  // namespace albert::host
