#include "tasks/class_weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "text/text_tasks.h"

namespace albert::tasks {
namespace {

using ::testing::ElementsAre;
using ::testing::FloatEq;

TEST(ClassWeights, AreTheBalancedOnesOfScikitLearn) {
  // compute_class_weight("balanced", classes=[0, 1, 2], y=[0, 0, 0, 1, 2, 2])
  EXPECT_THAT(balanced_weights({.of_class = {3, 1, 2}, .num_examples = 6}), ElementsAre(FloatEq(2 / 3.F), 2, 1));
  EXPECT_THAT(balanced_weights({.of_class = {3, 0, 1}, .num_examples = 4}), ElementsAre(FloatEq(2 / 3.F), 1, 2))
      << "what does not occur weighs 1";
}

TEST(ClassWeights, OfLabelsAreTextsWithoutToTextsWith) {
  EXPECT_THAT(balanced_label_weights({.of_class = {1, 4, 0, 2}, .num_examples = 4}), ElementsAre(3, 1, 1, 1));
}

class LossConfigTest : public ::testing::Test {
 protected:
  model::LossConfig read(const std::string& rows, TextOutput output, const config::WordOrNumbers& weights) const {
    testing::write_file(folder_ / "train.tsv", "text\tlabel\n" + rows);
    TaskDefinition definition{.config = TaskConfig(text_type())};
    definition.config.held_out = 0;
    definition.config.class_weights = weights;
    definition.config.label_smoothing = 0.1;
    definition.config.as<TextSettings>().output = output;
    definition.config.as<TextSettings>().label_separator = ",";
    const auto task = make_task(definition, std::make_shared<testing::FakeTokenizer>());
    task->settle(folder_ / "train.tsv");
    return loss_config(*task, *task->read(folder_ / "train.tsv", Part::kTrain));
  }

  std::vector<std::string> absent(const std::string& rows, TextOutput output) const {
    testing::write_file(folder_ / "train.tsv", "text\tlabel\n" + rows);
    TaskDefinition definition{.config = TaskConfig(text_type())};
    definition.config.held_out = 0;
    auto& settings = definition.config.as<TextSettings>();
    settings.output = output;
    if (output != TextOutput::kRegression) settings.all_labels = {"a", "b", "c"};
    const auto task = make_task(definition, std::make_shared<testing::FakeTokenizer>());
    task->settle(folder_ / "train.tsv");
    return labels_without_examples(*task, *task->read(folder_ / "train.tsv", Part::kTrain));
  }

  testing::TemporaryFolder folder_;
};

TEST_F(LossConfigTest, LabelsWithoutExamplesAreNotLearnt) {
  EXPECT_THAT(absent("5\tb\n6\ta\n", TextOutput::kClassification), ElementsAre("c"));
  EXPECT_THAT(absent("5\tb\n6\tb\n", TextOutput::kMultilabel), ElementsAre("a", "c"));
  EXPECT_THAT(absent("5\t1\n6\t2\n", TextOutput::kRegression), ElementsAre());
}

TEST_F(LossConfigTest, CountsWhatIsLearntFrom) {
  const std::string classes = "5\tb\n6\ta\n7\tb\n8\tb\n";
  const auto loss = read(classes, TextOutput::kClassification, {.word = "balanced"});
  EXPECT_THAT(loss.class_weights, ElementsAre(2, FloatEq(2 / 3.F)));
  EXPECT_EQ(loss.label_smoothing, 0.1);
  EXPECT_THAT(read("5\tb\n6\ta,b\n7\tb\n8\t\n", TextOutput::kMultilabel, {.word = "balanced"}).class_weights,
              ElementsAre(3, FloatEq(1 / 3.F)));
  EXPECT_THAT(read(classes, TextOutput::kClassification, {.numbers = {1, 5}}).class_weights, ElementsAre(1, 5));
  EXPECT_THAT(read(classes, TextOutput::kClassification, {}).class_weights, ElementsAre());
  EXPECT_THROW(read(classes, TextOutput::kClassification, {.numbers = {1, 5, 2}}), UsageError);
}

}  // namespace
}  // namespace albert::tasks
