// Reads every real file of texts that ALBERT_SHARED_DATA names, end to end, and counts.

#include "support/shared_data.h"

#include <filesystem>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "base/error.h"
#include "tasks/text/glue.h"
#include "tasks/text/readers.h"

namespace albert::tasks {
namespace {

class TextSharedData : public testing::SharedData {
 protected:
  std::map<std::string, std::size_t> count(const TextFile& file) const {
    std::map<std::string, std::size_t> labels;
    for (const TextRecord& record : file.records) {
      for (const std::string& label : record.labels) ++labels[label];
    }
    return labels;
  }
};

struct GlueCounts {
  GlueTask task;
  std::size_t train, development, test;  ///< 0: the file is not there
};

TEST_F(TextSharedData, GlueHasTheOfficialCounts) {
  const GlueCounts expected[] = {
      {GlueTask::kCola, 8551, 1043, 1063}, {GlueTask::kSst2, 67349, 872, 1821}, {GlueTask::kMrpc, 3668, 408, 1725},
      {GlueTask::kStsb, 5749, 1500, 1379}, {GlueTask::kRte, 2490, 277, 3000},   {GlueTask::kWnli, 635, 71, 146},
      {GlueTask::kQnli, 0, 5463, 5463},    {GlueTask::kMnli, 0, 9815, 0},       {GlueTask::kAx, 0, 0, 1104}};
  for (const GlueCounts& counts : expected) {
    const GlueInfo& info = glue_info(counts.task);
    SCOPED_TRACE(std::string(info.folder));
    const auto num_records = [&](const std::vector<std::string>& stems, bool labelled) -> std::size_t {
      const auto files = list_glue_files(data_ / "glue", info, stems);
      if (files.empty()) return 0;
      EXPECT_EQ(files.size(), 1U);
      const TextFile file = read_texts(files[0], files[0].extension() == ".jsonl" ? info.jsonl : info.tsv, labelled);
      EXPECT_EQ(file.is_labelled(), labelled);
      EXPECT_EQ(file.num_left_out, 0);
      if (labelled && !info.labels.empty()) {
        EXPECT_EQ(count(file).size(), info.labels.size());
        for (const std::string& label : info.labels) EXPECT_GT(count(file)[label], 0U) << label;
      }
      for (const TextRecord& record : file.records) {
        EXPECT_EQ(record.second.has_value(), !info.tsv.columns.second.empty());
        if (!labelled) {
          EXPECT_EQ(record.id, std::to_string(record.place.line - 2));
        }
      }
      return file.records.size();
    };
    EXPECT_EQ(num_records(info.training_files, true), counts.train);
    EXPECT_EQ(num_records(info.development_files, true), counts.development);
    EXPECT_EQ(num_records(info.test_files, false), counts.test);
  }
}

TextFormat by_number(const char* text, const char* label) {
  return {.header = HeaderRow::kAbsent, .columns = {.first = {text}, .second = {}, .labels = {{label}}, .id = {}}};
}

TEST_F(TextSharedData, SmsSpam) {
  const TextFile file = read_texts(data_ / "classification/sms_spam/SMSSpamCollection", by_number("2", "1"), true);
  EXPECT_EQ(file.records.size(), 5574U);
  EXPECT_EQ(count(file).size(), 2U);
}

TEST_F(TextSharedData, TrecOfWhichTheTrainingFileIsInLatin1) {
  TextFormat format;
  format.rows = RowFormat::kLabelText;
  EXPECT_THROW(read_texts(data_ / "classification/trec/train.txt", format, true), DataError);
  format.encoding = "iso-8859-1";
  const TextFile train = read_texts(data_ / "classification/trec/train.txt", format, true);
  EXPECT_EQ(train.records.size(), 5452U);
  EXPECT_EQ(count(train).size(), 50U);
  EXPECT_EQ(read_texts(data_ / "classification/trec/test.txt", format, true).records.size(), 500U);
}

TEST_F(TextSharedData, LongReviewsInQuotedTsv) {
  const TextFormat format{.rows = RowFormat::kTsvQuoted,
                          .columns = {.first = {"Text"}, .second = {}, .labels = {{"Sentiment"}}, .id = {}}};
  const std::map<std::string, std::size_t> expected = {{"train", 1707}, {"dev", 245}, {"test", 488}};
  for (const auto& [part, size] : expected) {
    const TextFile file = read_texts(data_ / "classification/imdb_long" / (part + ".tsv"), format, true);
    EXPECT_EQ(file.records.size(), size);
    EXPECT_EQ(count(file).size(), 2U);
    for (const TextRecord& record : file.records) {
      EXPECT_FALSE(record.first.size() > 1 && record.first.starts_with('"') && record.first.ends_with("\"\""));
    }
  }
}

TEST_F(TextSharedData, ChineseReviews) {
  const TextFormat format{.columns = {.first = {"text_a"}, .second = {}, .labels = {{"label"}}, .id = {}}};
  const std::map<std::string, std::size_t> expected = {{"train", 9600}, {"dev", 1200}, {"test", 1200}};
  for (const auto& [part, size] : expected) {
    const TextFile file = read_texts(data_ / "zh/chnsenticorp" / (part + ".tsv"), format, true);
    EXPECT_EQ(file.records.size(), size);
    EXPECT_EQ(count(file).size(), 2U);
  }
}

TEST_F(TextSharedData, ChineseNewsTitles) {
  for (const char* part : {"dev.txt", "test.txt"}) {
    const TextFile file = read_texts(data_ / "zh/thucnews_titles" / part, by_number("1", "2"), true);
    EXPECT_EQ(file.records.size(), 10000U);
    EXPECT_EQ(count(file).size(), 10U);
  }
}

}  // namespace
}  // namespace albert::tasks
