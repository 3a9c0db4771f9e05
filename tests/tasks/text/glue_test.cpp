#include "tasks/text/glue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/text/glue_answers.h"
#include "tasks/text/readers.h"

namespace albert::tasks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::refusal;
using ::testing::SizeIs;

/// A file as GLUE distributes them, of two rows.
struct Sample {
  GlueTask task;
  std::string train;  ///< also the layout of the development files
  std::string test;
  std::string first, second, label;  ///< of the last row; no second text: empty
};

const Sample kSamples[] = {
    {GlueTask::kCola, "gj04\t1\t\tThey \"drank.\ngj04\t0\t*\tThey drank pub the.\n",
     "index\tsentence\n0\tBill left.\n1\tBill \"left.\n", "They drank pub the.", "", "0"},
    {GlueTask::kSst2, "sentence\tlabel\nfine film \t1\nno wit \t0\n", "index\tsentence\n0\tgood\n1\tbad\n", "no wit ",
     "", "0"},
    {GlueTask::kMrpc,
     "\xef\xbb\xbfQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\r\n1\t1\t2\tA \" b\tC\r\n0\t3\t4\tHe said .\t\" He .\r\n",
     "\xef\xbb\xbfindex\t#1 ID\t#2 ID\t#1 String\t#2 String\r\n0\t1\t2\tA\tB\r\n1\t3\t4\tC\tD\r\n", "He said .",
     "\" He .", "0"},
    {GlueTask::kStsb,
     "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2\tscore\n"
     "0\tg\tf\t2012\t1\tnone\tnone\tA\tB\t5.000\n1\tg\tf\t2012\t2\tnone\tnone\tC\tD\t3.800\n",
     "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2\n"
     "0\tg\tf\t2012\t1\tnone\tnone\tA\tB\n1\tg\tf\t2012\t2\tnone\tnone\tC\tD\n",
     "C", "D", "3.800"},
    {GlueTask::kQqp, "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n9\t1\t2\tA?\tB?\t0\n8\t3\t4\tC?\tD?\t1\n",
     "id\tquestion1\tquestion2\n0\tA?\tB?\n1\tC?\tD?\n", "C?", "D?", "1"},
    {GlueTask::kMnli,
     "index\tpromptID\tpairID\tgenre\tsentence1_binary_parse\tsentence2_binary_parse\tsentence1_parse\tsentence2_"
     "parse\t"
     "sentence1\tsentence2\tlabel1\tgold_label\n"
     "0\t1\t1n\tg\t(\t(\t(\t(\tA\tB\tneutral\tneutral\n1\t2\t2e\tg\t(\t(\t(\t(\tC\tD\tneutral\tentailment\n",
     "index\tpromptID\tpairID\tgenre\tsentence1_binary_parse\tsentence2_binary_parse\tsentence1_parse\tsentence2_"
     "parse\t"
     "sentence1\tsentence2\n0\t1\t1n\tg\t(\t(\t(\t(\tA\tB\n1\t2\t2e\tg\t(\t(\t(\t(\tC\tD\n",
     "C", "D", "entailment"},
    {GlueTask::kQnli, "index\tquestion\tsentence\tlabel\n0\tA?\tB\tentailment\n1\tC?\tD\tnot_entailment\n",
     "index\tquestion\tsentence\n0\tA?\tB\n1\tC?\tD\n", "C?", "D", "not_entailment"},
    {GlueTask::kRte, "index\tsentence1\tsentence2\tlabel\n0\tA\tB\tentailment\n1\tC\tD\tnot_entailment\n",
     "index\tsentence1\tsentence2\n0\tA\tB\n1\tC\tD\n", "C", "D", "not_entailment"},
    {GlueTask::kWnli, "index\tsentence1\tsentence2\tlabel\n0\tA\tB\t1\n1\tC\tD\t0\n",
     "index\tsentence1\tsentence2\n0\tA\tB\n1\tC\tD\n", "C", "D", "0"},
    {GlueTask::kAx,
     "Lexical Semantics\tDomain\tPremise\tHypothesis\tLabel\n\tNews\tA\tB\tneutral\n\tNews\tC\tD\tcontradiction\n",
     "index\tsentence1\tsentence2\n0\tA\tB\n1\tC\tD\n", "C", "D", "contradiction"},
};

TEST(Glue, ReadsEveryTaskAsDistributed) {
  const testing::TemporaryFolder folder;
  ASSERT_EQ(std::size(kSamples), all_glue_tasks().size());
  for (const Sample& sample : kSamples) {
    const GlueInfo& info = glue_info(sample.task);
    SCOPED_TRACE(std::string(info.name));
    testing::write_file(folder / "train.tsv", sample.train);
    testing::write_file(folder / "test.tsv", sample.test);
    const TextFile train = read_texts(folder / "train.tsv", info.tsv, true);
    ASSERT_THAT(train.records, SizeIs(2));
    const TextRecord& record = train.records[1];
    EXPECT_EQ(record.first, sample.first);
    EXPECT_EQ(record.second.value_or(""), sample.second);
    EXPECT_THAT(record.labels, ElementsAre(sample.label));
    const TextFile test = read_texts(folder / "test.tsv", info.tsv, false);
    ASSERT_THAT(test.records, SizeIs(2));
    EXPECT_FALSE(test.is_labelled());
    EXPECT_EQ(test.records[1].id, "1");
    EXPECT_EQ(test.records[1].second.has_value(), !sample.second.empty());
  }
}

TEST(Glue, AHeaderWithoutTheColumnsIsRefused) {
  const TextFormat& format = glue_info(GlueTask::kSst2).tsv;
  EXPECT_THAT(refusal<DataError>([&] { parse_texts("index\ttext\tlabel\n0\ta\t1\n", format, true, "train.tsv"); }),
              HasSubstr("train.tsv:1: no column 'sentence' in the header, which has the columns 'index'"));
}

TEST(Glue, BrokenRowsOfQqpAreLeftOutAndCounted) {
  const TextFile file = parse_texts(
      "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n1\t1\t2\tA?\tB?\t0\n2\t3\t4\tC\n?\tD?\t1\n3\t5\t6\tE?"
      "\t\t0\n",
      glue_info(GlueTask::kQqp).tsv, true, "train.tsv");
  EXPECT_THAT(file.records, SizeIs(2));
  EXPECT_EQ(file.num_left_out, 2);
  EXPECT_EQ(file.records[1].second, "") << "an empty question is one";
}

TEST(Glue, ReadsMnliAsJsonLinesUnderBothNames) {
  const TextFormat& format = glue_info(GlueTask::kMnli).jsonl;
  const TextFile file = parse_texts(
      "{\"premise\": \"A\", \"hypothesis\": \"B\", \"label\": \"neutral\"}\n"
      "{\"sentence1\": \"C\", \"sentence2\": \"D\", \"gold_label\": \"entailment\", \"pairID\": \"63735n\"}\n"
      "{\"sentence1\": \"E\", \"sentence2\": \"F\", \"gold_label\": \"-\"}\n",
      format, true, "dev_matched.jsonl");
  ASSERT_THAT(file.records, SizeIs(2));
  EXPECT_EQ(file.records[1].first, "C");
  EXPECT_THAT(file.records[1].labels, ElementsAre("entailment"));
  EXPECT_EQ(file.num_left_out, 1) << "the annotators did not agree on the last one";
}

TEST(Glue, LabelsAreInTheOrderOfThePublishedModels) {
  EXPECT_THAT(glue_info(GlueTask::kMnli).labels, ElementsAre("contradiction", "entailment", "neutral"));
  EXPECT_THAT(glue_info(GlueTask::kRte).labels, ElementsAre("entailment", "not_entailment"));
  EXPECT_THAT(glue_info(GlueTask::kCola).labels, ElementsAre("0", "1"));
  EXPECT_TRUE(glue_info(GlueTask::kStsb).labels.empty());
}

TEST(Glue, FindsFilesInTheTasksFolderOrInThatOfAllTasks) {
  const testing::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "MNLI");
  std::filesystem::create_directories(folder / "diagnostic");
  for (const char* file : {"MNLI/dev_mismatched.tsv", "MNLI/dev_matched.jsonl", "diagnostic/diagnostic.tsv"}) {
    testing::write_file(folder / file, "");
  }
  const GlueInfo& mnli = glue_info(GlueTask::kMnli);
  const std::filesystem::path matched = folder / "MNLI/dev_matched.jsonl";
  const std::filesystem::path mismatched = folder / "MNLI/dev_mismatched.tsv";
  EXPECT_THAT(find_glue_files(folder.path(), mnli, mnli.development_files), ElementsAre(matched, mismatched));
  EXPECT_THAT(find_glue_files(folder / "MNLI", mnli, mnli.development_files), ElementsAre(matched, mismatched));
  const GlueInfo& ax = glue_info(GlueTask::kAx);
  EXPECT_THAT(find_glue_files(folder.path(), ax, ax.test_files), ElementsAre(folder / "diagnostic/diagnostic.tsv"));
  EXPECT_THROW(find_glue_files(folder.path(), mnli, mnli.training_files), DataError);
}

TEST(Glue, ValidationStandsForDev) {
  const testing::TemporaryFolder folder;
  for (const char* file : {"validation_matched.jsonl", "validation_mismatched.jsonl", "validation.tsv"}) {
    testing::write_file(folder / file, "");
  }
  const GlueInfo& mnli = glue_info(GlueTask::kMnli);
  EXPECT_THAT(find_glue_files(folder.path(), mnli, mnli.development_files),
              ElementsAre(folder / "validation_matched.jsonl", folder / "validation_mismatched.jsonl"));
  const GlueInfo& rte = glue_info(GlueTask::kRte);
  EXPECT_THAT(find_glue_files(folder.path(), rte, rte.development_files), ElementsAre(folder / "validation.tsv"));
  testing::write_file(folder / "dev.tsv", "");
  EXPECT_THAT(find_glue_files(folder.path(), rte, rte.development_files), ElementsAre(folder / "dev.tsv"));
}

TEST(GlueAnswers, HaveTheColumnsOfTheLeaderboard) {
  const testing::TemporaryFolder folder;
  TextFile file;
  file.records.resize(2);
  write_glue_answers(file, std::vector<std::string>{"1", "0"}, folder / "CoLA.tsv");
  EXPECT_EQ(read_file(folder / "CoLA.tsv"), "index\tprediction\n0\t1\n1\t0\n");
  file.records[0].id = "0";
  file.records[1].id = "17";
  write_glue_answers(file, std::vector<std::string>{"entailment", "not_entailment"}, folder / "RTE.tsv");
  EXPECT_EQ(read_file(folder / "RTE.tsv"), "index\tprediction\n0\tentailment\n17\tnot_entailment\n");
  EXPECT_EQ(glue_similarity(5.3), "5.000");
  EXPECT_EQ(glue_similarity(-0.2), "0.000");
  EXPECT_EQ(glue_similarity(2.71828), "2.718");
}

}  // namespace
}  // namespace albert::tasks
