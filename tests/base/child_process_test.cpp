#include "base/child_process.h"

#include <csignal>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "support/temporary_folder.h"

namespace albert {
namespace {

using std::chrono_literals::operator""s;
using std::chrono_literals::operator""ms;

ProgramResult run_shell(const std::string& script, std::chrono::milliseconds limit = 60s) {
  return run_program({"sh", "-c", script}, limit);
}

TEST(RunProgram, GivesWhatIsPrintedAndTheExitCode) {
  const auto [output, errors, status, is_timed_out] = run_shell("cat; echo said; echo wrong >&2; exit 3");
  EXPECT_EQ(output, "said\n");
  EXPECT_EQ(errors, "wrong\n");
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 3);
  EXPECT_FALSE(is_timed_out);
}

TEST(RunProgram, PassesArgumentsAsTheyAre) {
  EXPECT_EQ(run_program({"printf", "%s|", "a b", "$HOME", "'"}, 60s).output, "a b|$HOME|'|");
}

TEST(RunProgram, TellsASignal) {
  const ProgramResult result = run_shell("kill -SEGV $$");
  ASSERT_TRUE(WIFSIGNALED(result.status));
  EXPECT_EQ(WTERMSIG(result.status), SIGSEGV);
}

TEST(RunProgram, AProgramThatIsMissingHasTheCodeOfShells) {
  const ProgramResult result = run_program({"no-such-program-anywhere"}, 60s);
  ASSERT_TRUE(WIFEXITED(result.status));
  EXPECT_EQ(WEXITSTATUS(result.status), 127);
}

TEST(RunProgram, StopsWhatHangs) {
  const ProgramResult result = run_shell("echo begun; exec sleep 600", 1s);
  EXPECT_TRUE(result.is_timed_out);
  EXPECT_EQ(result.output, "begun\n");
}

bool is_running(pid_t process) {
  const std::string status = read_file("/proc/" + std::to_string(process) + "/stat");
  return status.find(") Z ") == std::string::npos;
}

/// Whether it ends within half a minute.
bool ends(pid_t process) {
  for (int i = 0; i < 3000; ++i) {
    if (::kill(process, 0) != 0 || !is_running(process)) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

TEST(RunProgram, WhatAStoppedProgramStartedEndsWithIt) {
  const ProgramResult result = run_shell("sleep 600 & echo $!; wait", 200ms);
  EXPECT_TRUE(result.is_timed_out);
  EXPECT_TRUE(ends(static_cast<pid_t>(std::stol(result.output))));
}

TEST(RunProgram, EndsWithTheProcessThatStartedIt) {
  const testing::TemporaryFolder folder;
  const std::string file = folder / "process";
  const pid_t starter = ::fork();
  if (starter == 0) {
    run_shell("echo $$ > " + file + ".new; mv " + file + ".new " + file + "; exec sleep 600", 600s);
    ::_exit(0);
  }
  while (!fs::exists(file)) std::this_thread::sleep_for(10ms);
  const auto child = static_cast<pid_t>(std::stol(read_file(file)));
  ASSERT_TRUE(is_running(child));
  ::kill(starter, SIGKILL);
  ::waitpid(starter, nullptr, 0);
  EXPECT_TRUE(ends(child));
}

}  // namespace
}  // namespace albert
