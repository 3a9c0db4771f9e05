#include "inference/index_files.h"

#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/error.h"
#include "support/current_folder.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"

namespace albert::inference {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

class IndexWriterTest : public ::testing::Test {
 protected:
  void write(VectorFormat format, float value, const std::string& text) const {
    IndexWriter writer({index_, true}, format, 2);
    writer.add(std::vector<float>{value, 0});
    writer.add_texts(text + "\n");
    VectorOrigin origin;
    origin.model = text;
    writer.commit(origin);
  }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) names.push_back(entry.path().filename().string());
    return names;
  }

  testing::TemporaryFolder folder_;
  fs::path index_ = folder_ / "index.npy";
};

TEST_F(IndexWriterTest, ANewIndexTakesThePlaceOfTheOldOne) {
  write(VectorFormat::kText, 1, "old");
  EXPECT_THAT(files(), UnorderedElementsAre("index.npy", "index.npy.txt", "index.npy.model.json"));
  write(VectorFormat::kJsonl, 2, R"({"text": "new"})");
  EXPECT_THAT(files(), UnorderedElementsAre("index.npy", "index.npy.jsonl", "index.npy.model.json"));
  EXPECT_EQ(NpyMatrix(index_).values()[0], 2);
  EXPECT_EQ(KeptTexts::open(index_, 1)->text(0), "new");
}

TEST_F(IndexWriterTest, ATextThatIsNoUtf8IsNamed) {
  for (const auto format : {VectorFormat::kText, VectorFormat::kJsonl}) {
    write(format, 1, "old");
    testing::write_file(kept_texts_path(index_, format), "{\"text\": \"caf\xe9\"}\n");
    EXPECT_THAT(testing::refusal<DataError>([&] { KeptTexts::open(index_, 1)->text(0); }),
                HasSubstr(kept_texts_path(index_, format).string() + ":1"));
  }
}

TEST_F(IndexWriterTest, WhatIsNoPartOfTheOldIndexIsNotRemoved) {
  write(VectorFormat::kText, 1, "old");
  for (const char* name : {"index.npy.jsonl", "index.npy.offsets.npy"}) {
    testing::write_file(folder_ / name, "mine");
    EXPECT_THROW(IndexWriter({index_, true}, VectorFormat::kText, 2), UsageError) << name;
    EXPECT_TRUE(fs::remove(folder_ / name));
  }
}

TEST_F(IndexWriterTest, AnIndexIsReplacedOnlyWhereTheUserSaysSo) {
  write(VectorFormat::kText, 1, "old");
  for (const char* removed : {"", "index.npy", "index.npy.txt"}) {
    if (*removed != 0) fs::remove(folder_ / removed);
    EXPECT_THROW(IndexWriter({index_}, VectorFormat::kText, 2), UsageError) << removed;
  }
}

TEST_F(IndexWriterTest, AFileThatHasComeIntoBeingIsNotReplaced) {
  IndexWriter writer({index_}, VectorFormat::kText, 2);
  albert::testing::write_file(index_, "somebody's");
  EXPECT_THROW(writer.commit({}), UsageError);
  EXPECT_EQ(read_file(index_), "somebody's");
}

TEST_F(IndexWriterTest, MayLieInTheCurrentFolder) {
  const albert::testing::CurrentFolder here(folder_.path());
  index_ = "index.npy";
  write(VectorFormat::kText, 1, "old");
  write(VectorFormat::kText, 2, "new");
  EXPECT_EQ(NpyMatrix(index_).values()[0], 2);
}

TEST_F(IndexWriterTest, OfALinkItIsItsTargetThatIsCheckedAndReplaced) {
  write(VectorFormat::kText, 1, "old");
  fs::create_directory(folder_ / "links");
  fs::create_symlink(index_, folder_ / "links/link.npy");
  const fs::path target = std::exchange(index_, folder_ / "links/link.npy");
  testing::write_file(folder_ / "index.npy.jsonl", "mine");
  EXPECT_THROW(write(VectorFormat::kText, 2, "new"), UsageError);
  EXPECT_TRUE(fs::remove(folder_ / "index.npy.jsonl"));
  testing::write_file(folder_ / "links/link.npy.jsonl", "mine");
  write(VectorFormat::kText, 2, "new");
  EXPECT_TRUE(fs::exists(folder_ / "links/link.npy.jsonl"));
  EXPECT_EQ(KeptTexts::open(target, 1)->text(0), "new");
}

TEST_F(IndexWriterTest, WithoutACommitTheOldIndexStays) {
  write(VectorFormat::kText, 1, "old");
  {
    IndexWriter writer({index_, true}, VectorFormat::kJsonl, 2);
    writer.add(std::vector<float>{2, 0});
  }
  EXPECT_THAT(files(), UnorderedElementsAre("index.npy", "index.npy.txt", "index.npy.model.json"));
  EXPECT_EQ(NpyMatrix(index_).values()[0], 1);
}

TEST_F(IndexWriterTest, WhereACommitFailsTheOldIndexStaysWhole) {
  write(VectorFormat::kText, 1, "old");
  for (const char* name : {"index.npy.jsonl", "index.npy.model.json"}) {
    IndexWriter writer({index_, true}, VectorFormat::kJsonl, 2);
    writer.add(std::vector<float>{2, 0});
    writer.add_texts("{\"text\": \"new\"}\n");
    const fs::path before = folder_ / "before";
    if (fs::exists(folder_ / name)) fs::rename(folder_ / name, before);
    fs::create_directory(folder_ / name);
    testing::write_file(folder_ / name / "file", "in the way");
    EXPECT_THROW(writer.commit({}), IoError);
    EXPECT_TRUE(fs::exists(folder_ / name / "file"));
    fs::remove_all(folder_ / name);
    if (fs::exists(before)) fs::rename(before, folder_ / name);
    EXPECT_EQ(NpyMatrix(index_).values()[0], 1);
    EXPECT_EQ(KeptTexts::open(index_, 1)->text(0), "old");
    EXPECT_EQ(read_origin(index_)->model, "old");
  }
  EXPECT_THAT(files(), UnorderedElementsAre("index.npy", "index.npy.txt", "index.npy.model.json"));
}

TEST_F(IndexWriterTest, AFolderOrAPipeInThePlaceOfAFileIsRefusedAtOnce) {
  for (const char* name : {"index.npy", "index.npy.txt", "index.npy.model.json"}) {
    ASSERT_EQ(::mkfifo((folder_ / name).c_str(), 0600), 0);
    EXPECT_THROW(IndexWriter({index_, true}, VectorFormat::kText, 2), UsageError) << "a pipe: " << name;
    EXPECT_TRUE(fs::is_fifo(folder_ / name));
    fs::remove(folder_ / name);
  }
  for (const char* name : {"index.npy.txt", "index.npy.model.json"}) {
    fs::create_directory(folder_ / name);
    EXPECT_THROW(IndexWriter({index_, true}, VectorFormat::kText, 2), UsageError) << name;
    fs::remove(folder_ / name);
  }
}

TEST_F(IndexWriterTest, FilesThatAreOfNoIndexStay) {
  testing::write_file(folder_ / "data.jsonl", "{}\n");
  EXPECT_THROW(IndexWriter({folder_ / "data", true}, VectorFormat::kText, 2), UsageError);
  testing::write_file(folder_ / "index.npy.jsonl", "{}\n");
  EXPECT_THROW(IndexWriter({index_, true}, VectorFormat::kText, 2), UsageError);
  EXPECT_THAT(files(), UnorderedElementsAre("data.jsonl", "index.npy.jsonl"));
}

}  // namespace
}  // namespace albert::inference
