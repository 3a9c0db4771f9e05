#include "report/run_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "report/run_charts.h"
#include "report/run_section.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "train/run_files.h"

namespace albert::report {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class RunDataTest : public ::testing::Test {
 protected:
  /// Makes a run with a log.
  fs::path run(const std::string& name, const std::string& records,
               const std::string& settings = "train: {steps: 10}\n") {
    train::testing::put_run(folder_ / name, 1);
    testing::write_file(folder_ / name / "metrics.jsonl", records);
    testing::write_file(folder_ / name / "run.yaml", settings);
    return folder_ / name;
  }

  testing::TemporaryFolder folder_;
};

TEST_F(RunDataTest, ReadsEveryFigureAndLeavesOutWhatIsBeingWrittenOrCannotBeDrawn) {
  const fs::path file = run("a",
                            "{\"step\":10,\"loss\":3,\"held_out_loss\":4}\n{\"step\":20,\"loss\":null}\n"
                            "{\"step\":30,\"loss\":2.5}\n{\"step\":35,\"loss\":-1e308}\n{\"step\":40,\"lo") /
                        "metrics.jsonl";
  const std::vector<FigureLine> figures = read_figures(file);
  ASSERT_THAT(figures, SizeIs(2));
  EXPECT_EQ(figures[0].name, "loss");
  EXPECT_THAT(figures[0].points, ElementsAre(Point{10, 3}, Point{30, 2.5}));
  EXPECT_THAT(figures[1].points, ElementsAre(Point{10, 4}));
}

TEST_F(RunDataTest, NamesTheLineThatIsNoRecord) {
  const fs::path file = run("a", "{\"step\":1}\nmy notes\n") / "metrics.jsonl";
  EXPECT_THAT(testing::refusal<DataError>([&] { read_figures(file); }),
              AllOf(HasSubstr("metrics.jsonl:2"), HasSubstr("'my notes'")));
  const std::vector<RunData> runs = read_runs({file.parent_path()});
  EXPECT_THAT(runs[0].summary.problems, ::testing::Contains(HasSubstr("metrics.jsonl:2")))
      << "the report tells it, and goes on";
  EXPECT_THAT(run_sections(runs).at(0).html, HasSubstr("my notes"));
}

TEST_F(RunDataTest, RunsAreCalledByWhatTellsThemApart) {
  EXPECT_THAT(short_names({"/runs/small", "/runs/large"}), ElementsAre("small", "large"));
  EXPECT_THAT(short_names({"/a/run/", "/b/run"}), ElementsAre("a/run", "b/run"));
  EXPECT_THAT(short_names({"/runs/x"}), ElementsAre("x"));
}

TEST_F(RunDataTest, SettingsThatDifferAreATable) {
  const std::vector<RunData> runs =
      read_runs({run("a", "", "optimizer: {learning_rate: 1e-3}\ntrain: {steps: 10, seed: 1}\n"),
                 run("b", "", "optimizer: {learning_rate: 3e-3}\ntrain: {steps: 10}\nmodel: {path: \"<script>\"}\n")});
  const std::string html = settings_table(runs);
  EXPECT_THAT(html,
              AllOf(HasSubstr("optimizer.learning_rate"), HasSubstr("1e-3"), HasSubstr("3e-3"), HasSubstr("train.seed"),
                    HasSubstr("&lt;script&gt;"), Not(HasSubstr("<script>")), Not(HasSubstr("train.steps"))));
  EXPECT_EQ(settings_table({runs[0]}), "");
}

TEST_F(RunDataTest, RunsOfEachCommandHaveASection) {
  const std::vector<Section> sections =
      run_sections(read_runs({run("a", ""), run("b", "", "task: {kind: text}\n"), run("c", "")}));
  ASSERT_THAT(sections, SizeIs(2));
  EXPECT_EQ(sections[0].title, "Pretraining: 2 runs");
  EXPECT_EQ(sections[1].title, "Fine-tuning: 1 run");
}

TEST_F(RunDataTest, ChartsHaveAllRunsInOne) {
  const std::string records =
      "{\"step\":10,\"epoch\":0.5,\"loss\":3,\"layers\":1,\"batch_size\":8,\"learning_rate\":0.1}\n"
      R"({"step":20,"epoch":1,"loss":2,"layers":2,"batch_size":8,"learning_rate":0.2,"held_out_loss":2.5})"
      "\n";
  const std::string html = run_charts(read_runs({run("a", records), run("b", records)}));
  EXPECT_THAT(html, AllOf(HasSubstr("a, training"), HasSubstr("b, training"), HasSubstr("a, held out"),
                          HasSubstr("<figcaption>Loss</figcaption>"), HasSubstr("Depth in layers (layers)"),
                          Not(HasSubstr("epoch"))));
  EXPECT_THAT(html, HasSubstr(R"(The same in every update: <data value="8">8</data> <code>batch_size</code>)"));
}

TEST_F(RunDataTest, LastAndBestFiguresAreTold) {
  const std::vector<RunData> runs = read_runs({run("a",
                                                   "{\"step\":1,\"held_out_accuracy\":0.5,\"held_out_loss\":1}\n"
                                                   "{\"step\":2,\"held_out_accuracy\":0.75,\"held_out_loss\":0.25}\n"
                                                   "{\"step\":3,\"held_out_accuracy\":0.25,\"held_out_loss\":2}\n")});
  const std::string html = run_sections(runs).at(0).html;
  EXPECT_THAT(html,
              HasSubstr(R"(<code>held_out_accuracy</code></th><td class="n"><data value="0.25">0.2500</data> <span )"
                        R"(class="soft">at 3</span></td><td class="n"><data value="0.75">)"));
  EXPECT_THAT(
      html,
      HasSubstr(R"(<data value="2">2</data> <span class="soft">at 3</span></td><td class="n"><data value="0.25">)"));
}

}  // namespace
}  // namespace albert::report
