#include "inference/evaluate.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "metrics/correlation.h"
#include "support/fake_tokenizer.h"
#include "support/log_capture.h"
#include "tasks/text/settings.h"
#include "tasks/text/task.h"

namespace albert::inference {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kNothing = "nothing that the model has learnt shows in its answers";

/// What is said of a model by its figures on 400 examples.
std::string warning(tasks::Judgement judgement, tasks::GuessedFigure guess, tasks::TextOutput output,
                    const std::string& metric = "") {
  tasks::TaskDefinition definition{.config = tasks::TaskConfig(tasks::text_type()), .labels = {}};
  if (output != tasks::TextOutput::kRegression) definition.labels = {"no", "yes"};
  definition.config.as<tasks::TextSettings>().output = output;
  definition.config.metric = metric;
  const auto task = make_task(std::move(definition), std::make_shared<testing::FakeTokenizer>());
  const testing::LogCapture log;
  warn_of_guess(*task, {.file = "dev.tsv",
                        .num_examples = 400,
                        .judgement = std::move(judgement),
                        .predictions = {},
                        .guess = std::move(guess)});
  return log.text();
}

TEST(WarnOfGuess, AModelOfRareClassesHasLearntSomething) {
  const tasks::GuessedFigure guess{"'no'", 0.9675, {{"accuracy", 0.9675}, {"macro_f1", 0.4917}, {"matthews", 0}}};
  const auto said = [&](double accuracy, double macro_f1, double matthews, const std::string& metric = "") {
    return warning({.figures = {{"accuracy", accuracy}, {"macro_f1", macro_f1}, {"matthews", matthews}}}, guess,
                   tasks::TextOutput::kClassification, metric);
  };
  EXPECT_THAT(said(0.95, 0.7693, 0.6112),
              AllOf(HasSubstr("dev.tsv: accuracy 0.9500 is no better than the 0.9675 of always saying 'no', but "
                              "matthews 0.6112 shows that it has learnt something; task.metric=matthews"),
                    Not(HasSubstr(kNothing))));
  EXPECT_THAT(said(0.9675, 0.4917, 0), AllOf(HasSubstr("0.9675 of always saying 'no'"), HasSubstr(kNothing)));
  EXPECT_THAT(said(0.5, 0.55, 0.09), HasSubstr(kNothing)) << "answers by chance have a macro F1 above that of a guess";
  EXPECT_THAT(said(0.97, 0.55, 0.09), IsEmpty());
}

TEST(WarnOfGuess, SetsOfLabelsAreComparedByEachFigureOfTheWhole) {
  const tasks::GuessedFigure guess{"'yes'", 0.6, {{"micro_f1", 0.6}, {"accuracy", 0.25}, {"precision", 0.4}}};
  const auto said = [&](double accuracy) {
    return warning({.figures = {{"micro_f1", 0.5}, {"accuracy", accuracy}, {"precision", 0.5}}}, guess,
                   tasks::TextOutput::kMultilabel);
  };
  EXPECT_THAT(said(0.3), HasSubstr("but accuracy 0.3000 shows that it has learnt something; task.metric=accuracy"));
  EXPECT_THAT(said(0.25), HasSubstr(kNothing)) << "precision is no figure of the whole";
}

TEST(WarnOfGuess, AModelThatSaysOneNumberAlwaysIsTold) {
  const tasks::GuessedFigure guess{"the same number", 0};
  const auto said = [&](tasks::Judgement judgement) {
    return warning(std::move(judgement), guess, tasks::TextOutput::kRegression);
  };
  EXPECT_THAT(said(metrics::judge_correlation(std::vector<double>{1, 2, 3}, std::vector<double>{2, 2, 2})),
              AllOf(HasSubstr("dev.tsv: there is no pearson, since the model says the same number of every example"),
                    HasSubstr(kNothing)));
  EXPECT_THAT(said(metrics::judge_correlation(std::vector<double>{1, 1}, std::vector<double>{2, 3})), IsEmpty())
      << "nothing can be learnt from such a file, nor shown by it";
  EXPECT_THAT(said({.figures = {{"pearson", -0.1}}}), HasSubstr("pearson -0.1000 is no better than the 0.0000"));
}

}  // namespace
}  // namespace albert::inference
