#include "tasks/text/glue_submission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/choice/task.h"
#include "text_tasks.h"

namespace albert::tasks {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::SizeIs;

/// Takes every text for one of the class.
std::function<void(ItemSet&)> always(std::size_t c, std::size_t num_classes) {
  return [=](ItemSet& items) {
    std::vector<float> scores(num_classes, 0);
    scores[c] = 1;
    for (std::size_t i = 0; i < items.num_items(); ++i) items.take_scores(i, scores);
  };
}

class GlueSubmissionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"CoLA", "MNLI", "AX"}) fs::create_directories(folder_ / "glue" / name);
    testing::write_file(folder_ / "glue/CoLA/test.tsv", "index\tsentence\n0\t5\n1\t6\n");
    for (const char* name : {"MNLI/test_matched.tsv", "MNLI/test_mismatched.tsv", "AX/diagnostic.tsv"}) {
      testing::write_file(folder_ / "glue" / name, "index\tsentence1\tsentence2\n0\t5\t6\n");
    }
  }

  testing::TemporaryFolder folder_;
  GlueSubmission submission_{folder_ / "glue", {folder_ / "out/submission"}};
};

TEST_F(GlueSubmissionTest, AModelOfMnliAnswersTheDiagnosticSetToo) {
  const auto mnli = make_text_task(of_glue(GlueTask::kMnli));
  const auto files = submission_.plan(*mnli);
  ASSERT_THAT(files, SizeIs(3));
  fs::create_directories(files[0].predictions.parent_path());
  submission_.write(*mnli, files, always(2, 3));
  for (const char* name : {"MNLI-m.tsv", "MNLI-mm.tsv", "AX.tsv"}) {
    EXPECT_EQ(read_file(folder_ / "out/submission" / name), "index\tprediction\n0\tneutral\n");
    EXPECT_THAT(submission_.others().missing, Not(Contains(name)));
  }
  EXPECT_THAT(submission_.others().missing, SizeIs(8));
}

TEST_F(GlueSubmissionTest, FilesHaveTheNamesOfTheLeaderboard) {
  EXPECT_THAT(submission_.others().missing,
              ElementsAre("CoLA.tsv", "SST-2.tsv", "MRPC.tsv", "STS-B.tsv", "QQP.tsv", "MNLI-m.tsv", "MNLI-mm.tsv",
                          "AX.tsv", "QNLI.tsv", "RTE.tsv", "WNLI.tsv"));
}

TEST_F(GlueSubmissionTest, FilesOfEarlierCallsAreTold) {
  fs::create_directories(folder_ / "out/submission");
  testing::write_file(folder_ / "out/submission/RTE.tsv", "x");
  EXPECT_THAT(submission_.others().kept, ElementsAre("RTE.tsv"));
  EXPECT_THAT(submission_.others().missing, SizeIs(10));
}

TEST_F(GlueSubmissionTest, EveryTaskIsAnsweredOnce) {
  const auto cola = make_text_task(of_glue(GlueTask::kCola));
  const auto files = submission_.plan(*cola);
  ASSERT_THAT(files, SizeIs(1));
  EXPECT_EQ(files[0].num_examples, 2U);
  EXPECT_THROW(submission_.plan(*cola), UsageError);
  EXPECT_FALSE(fs::exists(files[0].predictions));
  fs::create_directories(files[0].predictions.parent_path());
  submission_.write(*cola, files, always(1, 2));
  EXPECT_EQ(read_file(folder_ / "out/submission/CoLA.tsv"), "index\tprediction\n0\t1\n1\t1\n");
}

TEST_F(GlueSubmissionTest, AnAnswerThatIsThereIsReplacedOnlyWhereTheUserSaysSo) {
  const auto cola = make_text_task(of_glue(GlueTask::kCola));
  fs::create_directories(folder_ / "out/submission");
  testing::write_file(folder_ / "out/submission/CoLA.tsv", "old");
  EXPECT_THAT(testing::refusal<UsageError>([&] { submission_.plan(*cola); }), ::testing::HasSubstr("CoLA.tsv exists"));
  GlueSubmission over(folder_ / "glue", {folder_ / "out/submission", true});
  EXPECT_NO_THROW(over.plan(*cola));
}

TEST_F(GlueSubmissionTest, AModelOfAnotherKindIsRefused) {
  const auto choices = make_task({.config = TaskConfig(multiple_choice_type())}, nullptr);
  EXPECT_THAT(testing::refusal<ModelError>([&] { submission_.plan(*choices); }),
              ::testing::HasSubstr("which is no task of GLUE"));
}

TEST_F(GlueSubmissionTest, OtherModelsAndMissingOrBrokenFilesAreRefused) {
  EXPECT_THROW(submission_.plan(*make_text_task({})), ModelError);
  EXPECT_THROW(submission_.plan(*make_text_task(of_glue(GlueTask::kQqp))), DataError);
  testing::write_file(folder_ / "glue/CoLA/test.tsv", "index\tsentence\n0\t5\textra\n");
  EXPECT_THROW(submission_.plan(*make_text_task(of_glue(GlueTask::kCola))), DataError);
  EXPECT_FALSE(fs::exists(folder_ / "out"));
}

}  // namespace
}  // namespace albert::tasks
