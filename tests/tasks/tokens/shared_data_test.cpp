// Reads every real file of tagged words that ALBERT_SHARED_DATA names, end to end, and counts.

#include "support/shared_data.h"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/file.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/tokens/answers.h"
#include "tasks/tokens/readers.h"
#include "tasks/tokens/task.h"

namespace albert::tasks {
namespace {

class TaggedSharedData : public testing::SharedData {
 protected:
  std::set<std::string> tags_of(const TaggedFile& file) const {
    std::set<std::string> tags;
    for (const TaggedSentence& sentence : file.records) tags.insert(sentence.tags.begin(), sentence.tags.end());
    return tags;
  }

  std::size_t num_words_of(const TaggedFile& file) const {
    std::size_t count = 0;
    for (const TaggedSentence& sentence : file.records) count += sentence.words.size();
    return count;
  }

  /// A file whose every tag is predicted as it is, written and scored, has nothing wrong.
  void check_round_trip(const fs::path& path, TagScoring scoring) const {
    const TaggedFile file = read_tagged(path, {}, true);
    std::vector<TagAnswer> answers;
    for (const TaggedSentence& sentence : file.records) answers.push_back({.tags = sentence.tags});
    const testing::TemporaryFolder folder;
    const fs::path written = folder / path.filename().string();
    const std::string content = with_predictions(file, answers, ConlluTag::kUpos);
    testing::write_file(written, content);
    if (file.layout == TagLayout::kConllu) {
      EXPECT_EQ(content, read_file(path));
    }
    TaskConfig config(tokens_type());
    config.as<TokenSettings>().score = scoring;
    const metrics::Report report =
        make_task({.config = config}, nullptr)->score({.gold = path, .predictions = written});
    EXPECT_EQ(metrics::find(report.figures, scoring == TagScoring::kEntities ? "f1" : "accuracy"), 1.0);
  }
};

TEST_F(TaggedSharedData, EmergingEntities) {
  const std::map<std::string, std::pair<std::size_t, std::size_t>> expected = {
      {"train", {3394, 62730}}, {"dev", {1009, 15733}}, {"test", {1287, 23394}}};
  for (const auto& [part, counts] : expected) {
    const TaggedFile file = read_tagged(data_ / "ner/wnut17" / (part + ".conll"), {}, true);
    EXPECT_EQ(file.records.size(), counts.first) << part;
    EXPECT_EQ(num_words_of(file), counts.second) << part;
    EXPECT_EQ(file.layout, TagLayout::kColumns);
    EXPECT_EQ(tags_of(file).size(), 13U) << part;  // O, and B and I of six types
  }
  check_round_trip(data_ / "ner/wnut17/test.conll", TagScoring::kEntities);
}

TEST_F(TaggedSharedData, EnglishTreebank) {
  const std::map<std::string, std::size_t> expected = {{"train", 12544}, {"dev", 2001}, {"test", 2077}};
  for (const auto& [part, size] : expected) {
    const TaggedFile file = read_tagged(data_ / "pos/ud_ewt" / (part + ".conllu"), {}, true);
    EXPECT_EQ(file.records.size(), size);
    EXPECT_EQ(tags_of(file).size(), 17U);
    EXPECT_FALSE(file.other_lines.empty());
  }
  check_round_trip(data_ / "pos/ud_ewt/dev.conllu", TagScoring::kTags);
}

TEST_F(TaggedSharedData, ChineseEntitiesInRows) {
  const std::map<std::string, std::size_t> expected = {{"dev", 2318}, {"test", 4636}};
  for (const auto& [part, size] : expected) {
    const TaggedFile file = read_tagged(data_ / "zh/msra_ner" / (part + ".tsv"), {}, true);
    EXPECT_EQ(file.records.size(), size);
    EXPECT_EQ(file.layout, TagLayout::kRows);
    EXPECT_EQ(tags_of(file), (std::set<std::string>{"O", "B-LOC", "I-LOC", "B-ORG", "I-ORG", "B-PER", "I-PER"}));
  }
  check_round_trip(data_ / "zh/msra_ner/dev.tsv", TagScoring::kEntities);
}

}  // namespace
}  // namespace albert::tasks
