#include "tasks/embedding/task.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/fake_tokenizer.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/embedding/partner_ranks.h"
#include "tasks/embedding/settings.h"
#include "tasks/task.h"

namespace albert::tasks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class EmbeddingTaskTest : public ::testing::Test {
 protected:
  static std::unique_ptr<Task> make(const EmbeddingSettings& settings, std::int64_t max_length = 16) {
    TaskDefinition definition{.config = TaskConfig(embedding_type())};
    definition.config.as<EmbeddingSettings>() = settings;
    definition.config.max_sequence_length = max_length;
    return make_task(std::move(definition), std::make_shared<testing::FakeTokenizer>());
  }

  fs::path write(const std::string& name, std::string_view content) const {
    testing::write_file(folder_ / name, content);
    return folder_ / name;
  }

  testing::TemporaryFolder folder_;
};

/// Vectors (1, 0) for the first text of every pair, and (cosine, sqrt(1 - cosine^2)) for the second.
void give_cosines(DataSet& data, const std::vector<float>& cosines) {
  for (std::size_t i = 0; i < cosines.size(); ++i) {
    const std::vector<float> scores = {1, 0, cosines[i], std::sqrt(1 - cosines[i] * cosines[i])};
    data.take_scores(i, scores);
  }
}

constexpr std::string_view kScored = "text\tsecond_text\tlabel\n5 6\t7\t5\n8\t9 10 11 12 13 14 15\t0\n5\t6\t2.5\n";

TEST_F(EmbeddingTaskTest, MakesASequenceOfEachTextAndACosineOfTheScore) {
  const auto task = make({}, 8);
  const auto data = task->read(write("dev.tsv", kScored), Part::kDevelopment);
  ASSERT_EQ(data->num_items(), 3u);
  ASSERT_EQ(data->item(0).sequences.size(), 2u);
  EXPECT_THAT(data->item(0).sequences[0].token_ids, ElementsAre(2, 5, 6, 3));
  EXPECT_THAT(data->item(0).sequences[1].token_ids, ElementsAre(2, 7, 3));
  EXPECT_THAT(data->item(1).sequences[1].token_ids, ElementsAre(2, 9, 10, 11, 12, 13, 14, 3));
  EXPECT_THAT(data->item(0).values, ElementsAre(1.0F));
  EXPECT_THAT(data->item(2).values, ElementsAre(0.5F));
  EXPECT_THAT(data->describe(), HasSubstr("3 examples; 1 truncated to 8 tokens"));
}

TEST_F(EmbeddingTaskTest, JudgesByTheOrderOfTheCosinesAndWritesThem) {
  const auto task = make({});
  const auto data = task->read(write("dev.tsv", kScored), Part::kDevelopment);
  give_cosines(*data, {0.9F, -0.5F, 0.25F});
  const Judgement judgement = data->judge();
  EXPECT_EQ(task->metric(), "spearman");
  EXPECT_NEAR(*metrics::find(judgement.figures, "spearman"), 1, 1e-12);
  data->write_predictions(folder_ / "out.tsv");
  EXPECT_THAT(read_file(folder_ / "out.tsv"), HasSubstr("text\tsecond_text\tlabel\tprediction\n5 6\t7\t5\t0.9\n"));
  give_cosines(*data, {-0.5F, 0.9F, 0.25F});
  EXPECT_NEAR(*metrics::find(data->judge().figures, "spearman"), -1, 1e-12);
}

TEST_F(EmbeddingTaskTest, WrittenCosinesHaveTheScoreOfTheModel) {
  const auto task = make({});
  const fs::path file = write("dev.tsv", "text\tsecond_text\tlabel\n5 6\t7\t0.1\n8\t9\t0.3\n5\t6\t2.6\n");
  const auto data = task->read(file, Part::kDevelopment);
  give_cosines(*data, {0.5F, -0.25F, 0.75F});
  data->write_predictions(folder_ / "out.tsv");
  EXPECT_EQ(metrics::to_json(task->score({file, folder_ / "out.tsv"})), metrics::to_json(data->judge()));
}

TEST_F(EmbeddingTaskTest, RefusesScoresBeyondTheLargest) {
  EmbeddingSettings settings;
  settings.max_score = 1;
  const fs::path file = write("dev.tsv", kScored);
  EXPECT_THAT([&] { make(settings)->read(file, Part::kDevelopment); },
              ThrowsMessage<DataError>(HasSubstr("dev.tsv:2: the score 5 is beyond 1")));
}

TEST_F(EmbeddingTaskTest, JudgesLabelledPairsByTheLabelOfThoseThatMeanTheSame) {
  EmbeddingSettings settings;
  settings.objective = model::EmbeddingObjective::kClassification;
  settings.similar = "same";
  const fs::path file = write("train.tsv", "text\tsecond_text\tlabel\n5\t6\tsame\n7\t8\tother\n9\t10\tsame\n");
  const auto task = make(settings);
  task->settle(file);
  EXPECT_THAT(task->definition().labels, ElementsAre("other", "same"));
  EXPECT_EQ(task->head().num_labels, 2);
  const auto data = task->read(file, Part::kTest);
  EXPECT_THAT(data->item(0).labels, ElementsAre(1));
  give_cosines(*data, {0.8F, 0.1F, 0.8F});
  EXPECT_NEAR(*metrics::find(data->judge().figures, "pearson"), 1, 1e-6);
  settings.similar = "alike";
  EXPECT_THAT([&] { make(settings)->settle(file); }, ThrowsMessage<UsageError>(HasSubstr("'other', 'same'")));
}

TEST_F(EmbeddingTaskTest, PairsWithoutLabelsAreJudgedByFindingTheirPartners) {
  EmbeddingSettings settings;
  settings.objective = model::EmbeddingObjective::kInBatchNegatives;
  const auto task = make(settings);
  const auto data = task->read(write("dev.jsonl",
                                     "{\"text\": \"5\", \"second_text\": \"6\"}\n"
                                     "{\"text\": \"7\", \"second_text\": \"8\"}\n"),
                               Part::kDevelopment);
  EXPECT_TRUE(data->is_labelled());
  data->take_scores(0, std::vector<float>{1, 0, 1, 0});
  data->take_scores(1, std::vector<float>{0.6F, 0.8F, 0, 1});  // nearer to its own by 0.8 to 0.6
  EXPECT_EQ(task->metric(), "mrr");
  EXPECT_EQ(*metrics::find(data->judge().figures, "mrr"), 1);
  data->take_scores(1, std::vector<float>{0.8F, 0.6F, 0, 1});
  EXPECT_EQ(*metrics::find(data->judge().figures, "mrr"), 0.75);
  EXPECT_EQ(*metrics::find(data->judge().figures, "recall_at_1"), 0.5);
}

TEST_F(EmbeddingTaskTest, PredictsCosinesOfAStream) {
  std::string header;
  const auto task = make({});
  const auto window = task->open_window(RecordFormat::kText, "", header);
  window->add("5 6\t7", {"standard input", 1, ""});
  ASSERT_EQ(window->item(0).sequences.size(), 2u);
  window->take_scores(0, std::vector<float>{1, 0, 0.6F, 0.8F});
  std::string out;
  window->write(0, out);
  EXPECT_EQ(out, "0.6\n");
  EXPECT_THROW(window->add("5", {"standard input", 2, ""}), DataError);
}

TEST(EmbeddingSettings, RefusesObjectivesThatTheLayoutCannotServe) {
  const auto mistakes = [](model::EmbeddingObjective objective, std::optional<GlueTask> glue) {
    EmbeddingSettings settings;
    settings.objective = objective;
    settings.files.glue = glue;
    config::Checks checks([](std::string_view) { return ""; });
    settings.check(checks, "task.embedding.");
    return checks.messages().size();
  };
  using model::EmbeddingObjective;
  EXPECT_EQ(mistakes(EmbeddingObjective::kCosine, GlueTask::kStsb), 0u);
  EXPECT_EQ(mistakes(EmbeddingObjective::kCosine, GlueTask::kMrpc), 1u);
  EXPECT_EQ(mistakes(EmbeddingObjective::kClassification, GlueTask::kMrpc), 0u);
  EXPECT_EQ(mistakes(EmbeddingObjective::kClassification, GlueTask::kStsb), 1u);
  EXPECT_EQ(mistakes(EmbeddingObjective::kInBatchNegatives, std::nullopt), 0u);
  EXPECT_EQ(mistakes(EmbeddingObjective::kInBatchNegatives, GlueTask::kMrpc), 1u);
}

TEST(PartnerRanks, CountTextsThatAreAsNearAsThePartner) {
  const std::vector<float> vector(20, 0.1F);
  const std::vector<std::span<const float>> same(3, vector);
  const auto never = [](std::size_t, std::size_t) { return false; };
  EXPECT_THAT(partner_ranks(same, same, never), ElementsAre(3, 3, 3));  // one vector for all finds nothing
  EXPECT_THAT(partner_ranks(same, same, [](std::size_t, std::size_t) { return true; }), ElementsAre(1, 1, 1));
  EXPECT_TRUE(partner_ranks({}, {}, never).empty());
}

}  // namespace
}  // namespace albert::tasks
