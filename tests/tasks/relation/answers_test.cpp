#include "tasks/relation/answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/relation/task.h"
#include "tasks/task.h"

namespace albert::tasks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::refusal;

const std::string kCause = "Cause-Effect(e1,e2)";

class RelationAnswerFiles : public ::testing::Test {
 protected:
  fs::path write(const std::string& name, std::string_view content) const {
    testing::write_file(folder_ / name, content);
    return folder_ / name;
  }
  metrics::Figures score(const std::string& gold, const std::string& predictions) const {
    const auto task = make_task({.config = TaskConfig(relation_type())}, nullptr);
    return task->score({.gold = folder_ / gold, .predictions = folder_ / predictions}).figures;
  }
  std::string why_not(const std::string& gold, const std::string& predictions) const {
    return refusal<DataError>([&] { score(gold, predictions); });
  }

  testing::TemporaryFolder folder_;
};

TEST_F(RelationAnswerFiles, ComeBack) {
  const RelationFile file{.records = {{.place = {}, .id = "8001"}, {.place = {}, .id = "8002"}}};
  const std::vector<std::string> labels = {"Message-Topic(e1,e2)", "Other"};
  const std::vector<LabelAnswer> answers = {{.classes = {0}}, {.classes = {1}}};
  write_relation_answers(file, answers, {TextOutput::kClassification, labels}, folder_ / "answers.txt");
  EXPECT_EQ(read_file(folder_ / "answers.txt"), "8001\tMessage-Topic(e1,e2)\n8002\tOther\n");
  const RelationFile key = read_relation_gold(folder_ / "answers.txt");
  EXPECT_EQ(key.records[0].label, "Message-Topic(e1,e2)");
  EXPECT_THAT(read_relation_labels(key, {.gold = {}, .predictions = folder_ / "answers.txt"}),
              ElementsAre("Message-Topic(e1,e2)", "Other"));
}

TEST_F(RelationAnswerFiles, AreScoredByAKeyOrByLabelledSentences) {
  write("answers", "2\tOther\n1\t" + kCause + "\n");
  write("key", "1\t" + kCause + "\r\n2\tOther\r\n");
  write("full", "1\t<e1>a</e1> <e2>b</e2>\n" + kCause + "\n\n2\t<e1>a</e1> <e2>b</e2>\nOther\n");
  const auto by_key = score("key", "answers");
  EXPECT_EQ(by_key, score("full", "answers"));
  EXPECT_DOUBLE_EQ(*metrics::find(by_key, "macro_f1"), 100.0 / 9) << "of nine relations one occurs";
  EXPECT_EQ(metrics::find(by_key, "accuracy"), 1);
}

TEST_F(RelationAnswerFiles, MayHaveLabelsThatTheGoldFileLacks) {
  write("key", "1\t" + kCause + "\n2\tOther\n");
  write("answers", "1\tCause-Effect(e2,e1)\n2\tMessage-Topic(e1,e2)\n");
  EXPECT_EQ(metrics::find(score("key", "answers"), "accuracy"), 0);
  write("answers", "1\tCause-Efect(e1,e2)\n2\tOther\n");
  EXPECT_THAT(why_not("key", "answers"), HasSubstr("1: expected a relation that the gold labels have"));
}

TEST_F(RelationAnswerFiles, MayBeJsonLinesWithPredictions) {
  const std::string line =
      R"j({"id": 3, "text": "ab", "first": [0, 1], "second": [1, 2], "label": "Cause-Effect(e1,e2)")j";
  write("gold.jsonl", line + "}\n");
  write("answers.jsonl", line + ", \"prediction\": \"Cause-Effect(e1,e2)\"}\n");
  EXPECT_GT(metrics::find(score("gold.jsonl", "answers.jsonl"), "macro_f1"), 0);
  EXPECT_THAT(why_not("gold.jsonl", "gold.jsonl"), HasSubstr("gold.jsonl:1"));
  write("twice.jsonl", "{\"id\": 3, \"prediction\": \"Other\"}\n{\"id\": 3, \"prediction\": \"Other\"}\n");
  EXPECT_THAT(why_not("gold.jsonl", "twice.jsonl"), HasSubstr("twice.jsonl:2: the id 3 is also in line 1"));
}

TEST_F(RelationAnswerFiles, MustFitTheGoldFile) {
  write("key", "1\tOther\n2\tOther\n");
  write("more", "2\tOther\n1\tOther\n3\tOther\n");
  EXPECT_THAT(why_not("key", "more"), HasSubstr("has no sentence 3"));
  write("fewer", "2\tOther\n");
  EXPECT_THAT(why_not("key", "fewer"), HasSubstr("no answer for the sentence 1"));
  write("twice", "1\tOther\r\n1\tOther\r\n");
  EXPECT_THAT(why_not("twice", "key"), HasSubstr("twice:2: the id 1 is also in line 1"));
  EXPECT_THAT(why_not("key", "twice"), HasSubstr("twice:2: the id 1 is also in line 1"));
  write("columns", "1\tOther\tx\n");
  EXPECT_THAT(why_not("key", "columns"), HasSubstr("columns:1: expected an id, a tab and a label, found 3 columns"));
  write("unlabelled", "1\t<e1>a</e1> <e2>b</e2>\n");
  EXPECT_THAT(why_not("unlabelled", "key"), HasSubstr("unlabelled:1: the sentence has no label to score by"));
}

}  // namespace
}  // namespace albert::tasks
