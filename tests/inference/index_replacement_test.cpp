#include "inference/index_replacement.h"

#include <csignal>
#include <functional>
#include <map>
#include <optional>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "inference/index_files.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace {

/// How many files this process may still rename until it is killed; negative: as many as it wants.
int renames_left = -1;

}  // namespace

/// Takes the place of the C library's function in this program: every step of a replacement is a change of a name.
// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the C library's are reserved
extern "C" int rename(const char* from, const char* to) noexcept {
  if (renames_left == 0) ::kill(::getpid(), SIGKILL);
  if (renames_left > 0) --renames_left;
  return static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

/// Also where nothing may be replaced.
// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the library's is reserved
extern "C" int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) noexcept {
  if (renames_left == 0) ::kill(::getpid(), SIGKILL);
  if (renames_left > 0) --renames_left;
  return static_cast<int>(::syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}

/// Nor does a test wait for the disk: what was written before a kill is there after it.
extern "C" int fsync(int /*descriptor*/) {
  return 0;
}

namespace albert::inference {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

/// Does something in a process that is killed before one of its renames.
/// \return false if it came to its end before that
bool is_killed(int num_renames, const std::function<void()>& action) {
  const pid_t child = ::fork();
  if (child == 0) {
    renames_left = num_renames;
    action();
    ::_exit(0);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) || status == 0) << status;
  return WIFSIGNALED(status);
}

class IndexReplacementTest : public ::testing::Test {
 protected:
  void write_old() const { write(VectorFormat::kText, 1, {token_files::kOffsets, token_files::kAttention}); }
  void write_new() const { write(VectorFormat::kJsonl, 2, {token_files::kOffsets}); }

  void write(VectorFormat format, float value, const std::vector<std::string_view>& of_tokens) const {
    IndexWriter writer({index_, true}, format, 1);
    writer.add(std::vector<float>{value});
    writer.add_texts(fmt::format("{}\n", value));
    for (const std::string_view name : of_tokens) writer.add_floats(name).add(std::vector<float>{value});
    VectorOrigin origin;
    origin.model = fmt::format("{}", value);
    origin.pooling = model::EmbeddingPooling::kNone;
    writer.commit(origin);
  }

  /// All that a folder holds, by name; of hidden folders nothing.
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      const std::string name = entry.path().filename().string();
      if (!name.starts_with('.')) all[name] = read_file(entry.path());
    }
    return all;
  }
  std::optional<fs::path> hidden_folder() const {
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      if (entry.is_directory()) return entry.path();
    }
    return std::nullopt;
  }
  void empty_folder() const {
    for (const auto& entry : fs::directory_iterator(folder_.path())) fs::remove_all(entry.path());
  }

  std::map<std::string, std::string> old_files() const {
    write_old();
    return take_files();
  }
  std::map<std::string, std::string> new_files() const {
    write_new();
    return take_files();
  }
  std::map<std::string, std::string> take_files() const {
    auto content = files();
    empty_folder();
    return content;
  }

  /// Kills a replacement at each of its steps, and looks at what there is in the end.
  /// \param finish what is done after the kill
  /// \return how many kills there were
  int kill_everywhere(const std::map<std::string, std::string>& old, const std::map<std::string, std::string>& replaced,
                      const std::function<void()>& finish) const {
    int num_renames = 0;
    for (bool was_killed = true; was_killed; ++num_renames) {
      empty_folder();
      if (!old.empty()) write_old();
      was_killed = is_killed(num_renames, [&] { write_new(); });
      finish();
      EXPECT_THAT(files(), AnyOf(old, replaced)) << "killed before the rename " << num_renames;
    }
    return num_renames - 1;
  }

  /// Leaves an index half replaced.
  void write_half() const {
    write_old();
    ASSERT_TRUE(is_killed(kSomewhere, [&] { write_new(); }));
    ASSERT_THAT(read_file(origin_path(index_)), HasSubstr("\"replacement\""));
    ASSERT_TRUE(hidden_folder());
  }

  static constexpr int kSomewhere = 9;  ///< a number of renames behind which some files are new, some old
  testing::TemporaryFolder folder_;
  fs::path index_ = folder_ / "caf\xe9.npy";
};

TEST_F(IndexReplacementTest, AKillAnywhereLeavesTheOldIndexOrTheNewOne) {
  const auto old = old_files();
  const auto replaced = new_files();
  EXPECT_EQ(old.size(), 5U);
  EXPECT_EQ(replaced.size(), 4U);
  const auto finish = [&] { EXPECT_TRUE(finish_replacement(index_)); };
  EXPECT_GT(kill_everywhere(old, replaced, finish), kSomewhere);
  EXPECT_GT(kill_everywhere({}, replaced, finish), 3);
}

TEST_F(IndexReplacementTest, SoDoesASecondKill) {
  const auto old = old_files();
  const auto replaced = new_files();
  for (const int num_renames : {0, 2}) {
    kill_everywhere(old, replaced, [&] {
      is_killed(num_renames, [&] { finish_replacement(index_); });
      EXPECT_TRUE(finish_replacement(index_));
    });
  }
}

TEST_F(IndexReplacementTest, AWriterFinishesItToo) {
  const auto replaced = new_files();
  write_half();
  EXPECT_THROW(IndexWriter({index_}, VectorFormat::kText, 1), UsageError);
  EXPECT_EQ(files(), replaced);
  EXPECT_FALSE(hidden_folder());
}

TEST_F(IndexReplacementTest, WhatAnotherProcessIsAtIsLeftToIt) {
  write_half();
  const auto half = files();
  {
    const Descriptor writer(hidden_folder().value(), O_RDONLY);
    ASSERT_EQ(::flock(writer.value(), LOCK_EX), 0);
    EXPECT_THAT(testing::refusal<UsageError>([&] { finish_replacement(index_); }), HasSubstr("another process"));
  }
  EXPECT_EQ(files(), half);
}

TEST_F(IndexReplacementTest, WhereFilesAreGoneTheIndexIsMadeAgain) {
  const auto replaced = new_files();
  for (const char* lost : {"", "caf\xe9.npy.model.json"}) {
    write_half();
    fs::remove_all(hidden_folder().value() / lost);
    EXPECT_FALSE(finish_replacement(index_));
    EXPECT_THROW(IndexWriter({index_}, VectorFormat::kText, 1), UsageError);
    write_new();
    EXPECT_EQ(files(), replaced);
    EXPECT_TRUE(finish_replacement(index_));
    EXPECT_FALSE(hidden_folder());
  }
}

TEST_F(IndexReplacementTest, ADamagedOneLeadsNowhere) {
  for (const char* content : {"5", "{}", R"({"folder": 5})", R"({"folder": "", "files": ["/../../x"]})"}) {
    testing::write_file(origin_path(index_), fmt::format("{{\"replacement\": {}}}", content));
    EXPECT_FALSE(finish_replacement(index_)) << content;
  }
}

TEST_F(IndexReplacementTest, WhatCannotBeFinishedIsNamed) {
  write_half();
  fs::remove(kept_texts_path(index_, VectorFormat::kJsonl));
  fs::create_directory(kept_texts_path(index_, VectorFormat::kJsonl));
  EXPECT_THAT(testing::refusal<IoError>([&] { finish_replacement(index_); }),
              HasSubstr("a process was killed while it replaced this index"));
}

}  // namespace
}  // namespace albert::inference
