#include "train/run_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "train/run_files.h"

namespace albert::train {
namespace {

using albert::testing::write_file;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::put_run;

class List : public ::testing::Test {
 protected:
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const RunSummary& run : list_runs(folder_.path())) names.push_back(name_of_run(run.path, folder_.path()));
    std::ranges::sort(names);
    return names;
  }
  nlohmann::json json() const { return nlohmann::json::parse(runs_to_json(list_runs(folder_.path()), folder_.path())); }

  albert::testing::TemporaryFolder folder_;
};

TEST_F(List, FindsRunsAtAnyDepthOnce) {
  put_run(folder_ / "a", 1);
  put_run(folder_ / "a/inner", 1);
  put_run(folder_ / "deep/down/b", 1);
  put_run(folder_ / ".hidden/c", 1);
  fs::create_directory_symlink("a", folder_ / "link");
  fs::create_directory_symlink("..", folder_ / "deep/circle");
  EXPECT_THAT(names(), ElementsAre("a", "a/inner", "deep/down/b"));
  EXPECT_THAT(find_runs(folder_ / "link"), ElementsAre(folder_ / "link", folder_ / "link/inner"))
      << "the user named it";
}

TEST_F(List, OfARunItselfIsADot) {
  put_run(folder_.path(), 1);
  EXPECT_THAT(names(), ElementsAre("."));
}

TEST_F(List, SaysThatThereIsNone) {
  EXPECT_THAT(runs_to_text(list_runs(folder_.path()), folder_.path()), HasSubstr("no run below"));
  EXPECT_EQ(json(), nlohmann::json::array());
  EXPECT_THAT(albert::testing::refusal<UsageError>([&] { list_runs(folder_ / "none"); }),
              HasSubstr("expected a folder, found nothing"));
  write_file(folder_ / "file", "");
  EXPECT_THAT(albert::testing::refusal<UsageError>([&] { list_runs(folder_ / "file"); }), HasSubstr("found a file"));
}

TEST_F(List, TheOneThatWasChangedLastComesFirst) {
  put_run(folder_ / "a", 1);
  put_run(folder_ / "b", 1);
  fs::last_write_time(folder_ / "a/metrics.jsonl", fs::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_EQ(json()[0]["path"], "a");
  fs::last_write_time(folder_ / "b/run.log", fs::file_time_type::clock::now() + std::chrono::hours(2));
  EXPECT_EQ(json()[0]["path"], "b");
}

TEST_F(List, ASeriesTellsOfItsFailedRuns) {
  put_run(folder_ / "s/seed-1", 10);
  put_run(folder_ / "s/seed-2", 3);
  write_file(folder_ / "s/runs.yaml", "train: {steps: 10}\n");
  write_file(folder_ / "s/runs.json",
             R"({"runs": [{"folder": "seed-1", "value": 1}, {"folder": "seed-2", "failure": "NaN in it"},
                                                   {"folder": "seed-3", "failure": "NaN at once"}]})");
  const nlohmann::json runs = json();
  ASSERT_EQ(runs.size(), 3);
  for (const auto& run : runs) {
    EXPECT_EQ(run["series"], "s");
    const bool is_first = run["path"] == "s/seed-1";
    EXPECT_EQ(run["state"], is_first ? "complete" : "failed");
    EXPECT_EQ(run.value("failure", ""), is_first ? "" : run["path"] == "s/seed-2" ? "NaN in it" : "NaN at once");
  }
  EXPECT_THAT(runs_to_text(list_runs(folder_.path()), folder_.path()), HasSubstr("s/seed-3: failed: NaN at once\n"));
}

TEST_F(List, ADamagedSummaryOfASeriesDoesNotEndIt) {
  put_run(folder_ / "s/seed-1", 10);
  write_file(folder_ / "s/runs.yaml", "");
  for (const char* text : {"{", "[]", R"({"runs": [5]})", R"({"runs": [{"failure": 1}]})"}) {
    write_file(folder_ / "s/runs.json", text);
    EXPECT_THAT(names(), ElementsAre("s/seed-1")) << text;
  }
}

TEST_F(List, WhatAFileSaysStaysOnItsLine) {
  put_run(folder_ / "a\nb", 1);
  const std::string text = runs_to_text(list_runs(folder_.path()), folder_.path());
  EXPECT_THAT(text, HasSubstr("a\\x0ab"));
  EXPECT_EQ(std::ranges::count(text, '\n'), 2);
}

}  // namespace
}  // namespace albert::train
