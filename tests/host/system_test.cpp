#include "host/system.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::host {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A made-up "/".
class System : public ::testing::Test {
 protected:
  void put(const std::string& path, const std::string& text) const {
    fs::create_directories((root_ / path).parent_path());
    albert::testing::write_file(root_ / path, text);
  }
  void put_host(const std::string& groups) const {
    put("proc/self/cgroup", groups);
    put("proc/meminfo", "MemTotal:       16000000 kB\nMemFree: 1 kB\nMemAvailable:    8000000 kB\n");
    put("sys/devices/system/cpu/online", "0-7\n");
    put("proc/self/status", "Name:\talbert\nCpus_allowed_list:\t0-2,5\n");
  }
  fs::path root() const { return root_.path(); }

  albert::testing::TemporaryFolder root_;
};

TEST(CountListed, TakesRangesAndSingleNumbers) {
  EXPECT_EQ(count_listed("0-2,5\n"), 4);
  EXPECT_EQ(count_listed("0"), 1);
  EXPECT_EQ(count_listed(""), 0);
  EXPECT_EQ(count_listed("3-1,x"), 0);
}

TEST_F(System, WithoutLimitsCoresAndMemoryAreTheKernels) {
  put_host("0::/\n");
  const Cores cores = read_cores(root());
  EXPECT_EQ(cores.online, 8);
  EXPECT_EQ(cores.allowed, 4);
  EXPECT_FALSE(cores.quota);
  EXPECT_EQ(cores.usable(), 4);
  const Memory memory = read_memory(root());
  EXPECT_EQ(memory.total, 16'384'000'000);
  EXPECT_EQ(memory.available, 8'192'000'000);
  EXPECT_FALSE(memory.limit);
}

TEST_F(System, TheSecondVersionOfControlGroupsLimitsByTheOuterOnesToo) {
  put_host("0::/user.slice/job\n");
  put("sys/fs/cgroup/user.slice/job/cpu.max", "max 100000\n");
  put("sys/fs/cgroup/user.slice/cpu.max", "150000 100000\n");
  put("sys/fs/cgroup/user.slice/job/memory.max", "3000000000\n");
  put("sys/fs/cgroup/user.slice/job/memory.current", "2000000000\n");
  put("sys/fs/cgroup/user.slice/job/memory.stat", "anon 1\ninactive_file 500000000\n");
  put("sys/fs/cgroup/user.slice/memory.max", "max\n");
  EXPECT_DOUBLE_EQ(*read_cores(root()).quota, 1.5);
  EXPECT_EQ(read_cores(root()).usable(), 2);
  EXPECT_EQ(read_memory(root()).limit, 3'000'000'000);
  EXPECT_EQ(read_memory(root()).available, 1'500'000'000);
}

TEST_F(System, TheFirstVersionHasAFolderForEachController) {
  put_host("4:memory:/docker/a\n2:cpu,cpuacct:/docker/a\n0::/\n");
  put("sys/fs/cgroup/cpu,cpuacct/docker/a/cpu.cfs_quota_us", "-1\n");
  put("sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_quota_us", "300000\n");
  put("sys/fs/cgroup/cpu,cpuacct/docker/cpu.cfs_period_us", "100000\n");
  put("sys/fs/cgroup/memory/docker/a/memory.limit_in_bytes", "9223372036854771712\n");
  put("sys/fs/cgroup/memory/memory.limit_in_bytes", "1000000000\n");  // all that a container sees of its own group
  put("sys/fs/cgroup/memory/memory.usage_in_bytes", "1000000001\n");
  EXPECT_DOUBLE_EQ(*read_cores(root()).quota, 3);
  EXPECT_EQ(read_memory(root()).limit, 1'000'000'000);
  EXPECT_EQ(read_memory(root()).available, 0);
}

TEST_F(System, AGroupOutsideOfTheContainerIsTheMountItself) {
  put_host("0::/../../elsewhere\n");
  put("sys/fs/cgroup/cpu.max", "100000 100000\n");
  EXPECT_DOUBLE_EQ(*read_cores(root()).quota, 1);
}

TEST_F(System, WhatIsNotThereIsUnknown) {
  EXPECT_EQ(read_cores(root()).usable(), 1);
  EXPECT_EQ(read_memory(root()).total, 0);
  EXPECT_EQ(read_processor(root()).name, "");
  EXPECT_THAT(read_gpus(root()).names, IsEmpty());
  EXPECT_EQ(read_huge_pages(root()), "");
  EXPECT_EQ(read_file_system("/", root()), "");
}

TEST_F(System, TheProcessorsInstructionSetsAreWholeWords) {
  put("proc/cpuinfo", "processor\t: 0\nmodel name\t: Some CPU\nflags\t\t: fpu avx2 avx512f avx512_bf16x amx_bf16\n");
  const Processor processor = read_processor(root());
  EXPECT_EQ(processor.name, "Some CPU");
  EXPECT_THAT(processor.instruction_sets, ElementsAre("avx2", "avx512f", "amx_bf16"));
}

TEST_F(System, TheDriverNamesGpusAndItself) {
  put("proc/driver/nvidia/version",
      "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build\nGCC version: 12.2\n");
  put("proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: \t\t NVIDIA H200\nIRQ:   1\n");
  EXPECT_THAT(read_gpus(root()).names, ElementsAre("NVIDIA H200"));
  EXPECT_EQ(read_gpus(root()).driver, "580.95.05");
}

TEST_F(System, TheFileSystemIsThatOfTheInnermostMount) {
  put("proc/self/mountinfo",
      "27 1 254:0 / / rw - ext4 /dev/vda rw\n28 27 0:27 / /data rw shared:1 - xfs /dev/vdb rw\n"
      "29 27 0:28 / /my\\040data rw - nfs4 host:/x rw\n30 27 0:29 / /data rw - btrfs /dev/vdc rw\n");
  EXPECT_EQ(read_file_system("/data/run", root()), "btrfs");
  EXPECT_EQ(read_file_system("/database", root()), "ext4");
  EXPECT_EQ(read_file_system("/my data/run", root()), "nfs4");
}

TEST_F(System, HugePagesAreWhatStandsInBrackets) {
  put("sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n");
  EXPECT_EQ(read_huge_pages(root()), "never");
}

TEST(OwnSystem, IsKnown) {
  EXPECT_GE(read_cores().usable(), 1);
  EXPECT_GT(read_memory().available, 0);
  EXPECT_GT(read_open_files().limit, 0);
}

}  // namespace
}  // namespace albert::host
