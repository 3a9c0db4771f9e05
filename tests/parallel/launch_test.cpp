#include "parallel/launch.h"

#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"

namespace albert::parallel {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Variables = std::map<std::string, std::string>;

Launch launch_of(const Variables& variables) {
  return find_launch([&](const char* name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

std::string refusal_of(const Variables& variables) {
  return testing::refusal<UsageError>([&] { launch_of(variables); });
}

/// What torchrun 2.11 sets for the second process of the second of two hosts.
const Variables kTorchrun = {{"RANK", "3"},
                             {"WORLD_SIZE", "4"},
                             {"LOCAL_RANK", "1"},
                             {"LOCAL_WORLD_SIZE", "2"},
                             {"MASTER_ADDR", "node01"},
                             {"MASTER_PORT", "29400"},
                             {"TORCHELASTIC_RUN_ID", "job"},
                             {"TORCHELASTIC_RESTART_COUNT", "2"},
                             {"TORCHELASTIC_USE_AGENT_STORE", "True"}};

TEST(FindLaunch, WithoutVariablesThereIsOneRank) {
  const Launch launch = launch_of({});
  EXPECT_EQ(launch.size, 1);
  EXPECT_EQ(launch.rank, 0);
}

TEST(FindLaunch, ReadsTorchrun) {
  const Launch launch = launch_of(kTorchrun);
  EXPECT_EQ(launch.launcher, "torchrun");
  EXPECT_EQ(launch.rank, 3);
  EXPECT_EQ(launch.size, 4);
  EXPECT_EQ(launch.local_rank, 1);
  EXPECT_EQ(launch.local_size, 2);
  EXPECT_EQ(launch.address, "node01");
  EXPECT_EQ(launch.port, 29400);
  EXPECT_TRUE(launch.has_agent);
  EXPECT_EQ(launch.restarts, 2);
  EXPECT_EQ(launch.run_id, "job");
}

TEST(FindLaunch, ReadsWhatKubernetesSets) {
  const Launch launch =
      launch_of({{"RANK", "1"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "job-master-0"}, {"MASTER_PORT", "23456"}});
  EXPECT_EQ(launch.rank, 1);
  EXPECT_EQ(launch.local_rank, 0);
  EXPECT_EQ(launch.port, 23456);
  EXPECT_FALSE(launch.has_agent);
}

TEST(FindLaunch, ReadsSrun) {
  const Launch launch = launch_of({{"SLURM_STEP_NUM_TASKS", "8"},
                                   {"SLURM_PROCID", "5"},
                                   {"SLURM_LOCALID", "1"},
                                   {"SLURM_STEP_NODELIST", "gpu[07-10]"},
                                   {"SLURM_JOB_ID", "123456"},
                                   {"SLURM_STEP_ID", "0"},
                                   {"SLURM_RESTART_COUNT", "1"}});
  EXPECT_EQ(launch.rank, 5);
  EXPECT_EQ(launch.size, 8);
  EXPECT_EQ(launch.local_rank, 1);
  EXPECT_EQ(launch.address, "gpu07");
  EXPECT_GE(launch.port, 20000);
  EXPECT_EQ(launch.restarts, 1);
}

TEST(FindLaunch, TheFirstHostOfAListIsTheStores) {
  const auto address = [](const std::string& list) {
    return launch_of({{"SLURM_STEP_NUM_TASKS", "2"}, {"SLURM_PROCID", "0"}, {"SLURM_STEP_NODELIST", list}}).address;
  };
  EXPECT_EQ(address("a"), "a");
  EXPECT_EQ(address("a,b"), "a");
  EXPECT_EQ(address("n[3,5-9],x[1-2]"), "n3");
  EXPECT_EQ(address("a,n[3-5]"), "a");
}

TEST(FindLaunch, ABatchScriptOfSlurmIsOneProcess) {
  EXPECT_EQ(launch_of({{"SLURM_NTASKS", "8"}, {"SLURM_PROCID", "0"}, {"SLURM_JOB_ID", "1"}}).size, 1);
}

TEST(FindLaunch, ReadsMpirun) {
  Variables variables = {{"OMPI_COMM_WORLD_RANK", "1"},
                         {"OMPI_COMM_WORLD_SIZE", "2"},
                         {"OMPI_COMM_WORLD_LOCAL_RANK", "1"},
                         {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"}};
  EXPECT_EQ(launch_of(variables).address, "127.0.0.1");
  variables["OMPI_COMM_WORLD_LOCAL_RANK"] = "0";
  variables["OMPI_COMM_WORLD_LOCAL_SIZE"] = "1";
  EXPECT_THAT(refusal_of(variables), AllOf(HasSubstr("several hosts"), HasSubstr("-x MASTER_ADDR=HOST")));
}

TEST(FindLaunch, ReadsItsOwn) {
  Variables variables;
  for (const std::string& one : local_environment(2, 3, 1234)) {
    variables[one.substr(0, one.find('='))] = one.substr(one.find('=') + 1);
  }
  const Launch launch = launch_of(variables);
  EXPECT_EQ(launch.launcher, "albert --ranks");
  EXPECT_EQ(launch.rank, 2);
  EXPECT_EQ(launch.local_size, 3);
  EXPECT_EQ(launch.port, 1234);
  EXPECT_TRUE(launch.has_agent);
}

TEST(FindLaunch, RefusesHalfOfTheVariables) {
  for (const char* name : {"RANK", "MASTER_ADDR"}) {
    Variables variables = kTorchrun;
    variables.erase(name);
    EXPECT_THAT(refusal_of(variables), HasSubstr(name));
  }
  Variables variables = kTorchrun;
  variables["RANK"] = "4";
  EXPECT_THAT(refusal_of(variables), AllOf(HasSubstr("RANK"), HasSubstr("from 0 to 3"), HasSubstr("'4'")));
  variables["RANK"] = "two";
  EXPECT_THAT(refusal_of(variables), HasSubstr("'two'"));
}

TEST(FindLaunch, RefusesWhatLetsRanksWaitForEver) {
  Variables variables = kTorchrun;
  variables["TORCH_GLOO_LAZY_INIT"] = "1";
  EXPECT_THAT(refusal_of(variables), HasSubstr("unset it"));
}

}  // namespace
}  // namespace albert::parallel
