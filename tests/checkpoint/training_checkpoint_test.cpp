#include "checkpoint/training_checkpoint.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/atomic_file.h"
#include "base/file.h"
#include "checkpoint/fakes.h"
#include "checkpoint/manifest.h"
#include "checkpoint/overwrite.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"

namespace albert::checkpoint {
namespace {

using albert::testing::error_of;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::make_contents;
using ::testing::UnorderedElementsAre;

TEST(TrainState, EveryNumberSurvives) {
  const TrainState state = {
      .step = std::numeric_limits<std::int64_t>::max(),
      .epoch = 3,
      .index_in_epoch = 123'456'789'012,
      .examples_seen = 5,
      .tokens_seen = 6,
      .elapsed_s = 0.1 + 0.2,
      .seed = std::numeric_limits<std::uint64_t>::max(),
      .best = BestResult{.metric = "mlm_accuracy", .value = 1.0 / 3, .step = 70, .loss = 0.1, .since = 60},
      .fingerprints = {{"corpus", "abc"}, {"tokenizer", "\"quoted\""}}};
  EXPECT_EQ(train_state_from_json(to_json(state), "x"), state);
  EXPECT_EQ(train_state_from_json(to_json(TrainState{}), "x"), TrainState{});
}

TEST(TrainState, AMistakeIsNamed) {
  const auto error = [](const std::string& text) {
    return error_of<ModelError>([&] { train_state_from_json(text, "dir/trainer_state.json"); });
  };
  std::string text = to_json(TrainState{});
  EXPECT_THAT(error("{"), HasSubstr("dir/trainer_state.json"));
  EXPECT_THAT(error("[]"), HasSubstr("expected a JSON object"));
  EXPECT_THAT(error("{}"), HasSubstr("'step' is missing"));
  const auto replaced = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    return changed.replace(changed.find(from), from.size(), to);
  };
  EXPECT_THAT(error(replaced("\"step\": 0", "\"step\": 1.5")), HasSubstr("'step': expected a whole number, found 1.5"));
  EXPECT_THAT(error(replaced("\"seed\": 0", "\"seed\": -1")),
              HasSubstr("'seed': expected a whole number from 0 on, found -1"));
  EXPECT_THAT(error(replaced("\"fingerprints\": {}", "\"fingerprints\": 3")), HasSubstr("'fingerprints'"));
}

class Checkpoints : public ::testing::Test {
 protected:
  Checkpoints() { write_checkpoint(folder_ / "c", make_contents(tokenizer_, 7)); }
  std::string refusal() {
    return error_of<ModelError>([&] { TrainingCheckpoint(folder_ / "c"); });
  }

  const testing::FakeTokenizer tokenizer_;
  albert::testing::TemporaryFolder folder_;
};

TEST_F(Checkpoints, HoldEverythingThatARunNeeds) {
  const TrainingCheckpoint checkpoint(folder_ / "c");
  const TrainingContents contents = make_contents(tokenizer_, 7);
  EXPECT_EQ(checkpoint.state(), contents.state);
  EXPECT_EQ(checkpoint.run_yaml(), contents.run_yaml);
  testing::expect_equal(checkpoint.optimizer_state(), contents.optimizer_state);
  NamedTensors model = testing::make_parameters(100);
  load_parameters(checkpoint.folder(), model, Match::kExact);
  testing::expect_equal(model, contents.model.parameters);
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder_ / "c")) names.push_back(entry.path().filename());
  EXPECT_THAT(names, UnorderedElementsAre("config.json", "model.safetensors", "spiece.model", "optimizer.safetensors",
                                          "trainer_state.json", "run.yaml", "manifest.json"));
}

TEST_F(Checkpoints, AnyFlippedByteIsFoundAndItsFileNamed) {
  for (const auto& entry : fs::directory_iterator(folder_ / "c")) {
    const std::string whole = read_file(entry.path());
    for (std::size_t i = 0; i < whole.size(); i += 7) {
      std::string bytes = whole;
      bytes[i] = static_cast<char>(bytes[i] ^ 0x04);
      testing::overwrite(entry.path(), bytes);
      // A flipped space of the manifest's own layout changes nothing that it says.
      const std::string message = refusal();
      if (entry.path().filename() == kManifestFile && message.empty()) {
        EXPECT_EQ(whole[i], ' ') << i;
      } else {
        EXPECT_THAT(message, HasSubstr("/c/")) << entry.path() << " at " << i;
      }
    }
    testing::overwrite(entry.path(), whole);
    EXPECT_EQ(refusal(), "");
  }
}

TEST_F(Checkpoints, ATornOrMissingFileIsNamedWithBothSizes) {
  const fs::path path = folder_ / "c/optimizer.safetensors";
  const auto size = fs::file_size(path);
  fs::resize_file(path, size - 1);
  EXPECT_THAT(refusal(),
              AllOf(HasSubstr(path.string()), HasSubstr(fmt::format("expected {} bytes, found {}", size, size - 1))));
  fs::remove(path);
  EXPECT_THAT(refusal(), AllOf(HasSubstr(path.string()), HasSubstr("the file is missing")));
  fs::remove(folder_ / "c" / kManifestFile);
  EXPECT_THAT(refusal(), HasSubstr("expected manifest.json, found none"));
}

TEST_F(Checkpoints, AManifestOfAnotherProgramClosesNoModelFolder) {
  const fs::path manifest = folder_ / "c" / kManifestFile;
  const fs::path file = folder_ / "c/spiece.model";
  for (const char* foreign : {R"({"name": "my app", "version": "1.2"})", R"({"files": ["spiece.model"]})", "[]"}) {
    testing::overwrite(manifest, foreign);
    EXPECT_NO_THROW(verify_file(file)) << foreign;
    EXPECT_THAT(refusal(), HasSubstr("another program's"));  // resuming needs one
  }
  for (const char* damaged :
       {"", R"({"version": 1, "file": {}, "xxh3_128": ""})", R"({"files": {"a": {"xxh3_128": 1}}})"}) {
    testing::overwrite(manifest, damaged);
    EXPECT_THROW(verify_file(file), ModelError) << damaged;
  }
}

TEST_F(Checkpoints, FilesOfTheUsersOwnDoNotMatter) {
  write_file_atomically(folder_ / "c/notes.txt", "good one");
  EXPECT_EQ(refusal(), "");
}

TEST_F(Checkpoints, WeightsThatWereChangedAreTakenWithAWarning) {
  const auto warning = [](const fs::path& file) {
    ::testing::internal::CaptureStdout();
    warn_if_changed(file);
    return ::testing::internal::GetCapturedStdout();
  };
  const fs::path file = folder_ / "c/model.safetensors";
  EXPECT_EQ(warning(file), "");
  std::string bytes = read_file(file);
  bytes.back() ^= 1;
  testing::overwrite(file, bytes);
  EXPECT_THAT(warning(file), AllOf(HasSubstr(file.string()), HasSubstr("may be damaged")));
  fs::remove(folder_ / "c" / kManifestFile);
  EXPECT_EQ(warning(file), "");
}

TEST_F(Checkpoints, ATokenizerThatWasChangedIsRefused) {
  const auto refusal_to_open = [&] { return error_of<ModelError>([&] { open_tokenizer(folder_ / "c"); }); };
  const fs::path file = folder_ / "c/spiece.model";
  EXPECT_THAT(refusal_to_open(), HasSubstr("is not a SentencePiece vocabulary"));  // it got past the manifest
  std::string bytes = read_file(file);
  bytes.back() ^= 1;
  testing::overwrite(file, bytes);
  EXPECT_THAT(refusal_to_open(),
              AllOf(HasSubstr(file.string() + ": expected checksum"), HasSubstr("put back the file")));
  fs::remove(folder_ / "c" / kManifestFile);
  EXPECT_THAT(refusal_to_open(), HasSubstr("is not a SentencePiece vocabulary"));
}

TEST_F(Checkpoints, AModelFolderIsNoCheckpoint) {
  save_model(folder_ / "m", make_contents(tokenizer_, 1).model);
  write_manifest(folder_ / "m");
  EXPECT_THAT(error_of<ModelError>([&] { TrainingCheckpoint(folder_ / "m"); }), HasSubstr("cannot be resumed"));
}

}  // namespace
}  // namespace albert::checkpoint
