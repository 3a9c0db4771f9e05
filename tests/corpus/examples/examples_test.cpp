#include "corpus/examples/examples.h"

#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "config/configuration.h"
#include "support/chi_squared.h"
#include "support/random_documents.h"
#include "support/small_corpus.h"
#include "support/temporary_folder.h"

namespace albert::corpus {
namespace {

using ::testing::HasSubstr;
using testing::Sentences;
using testing::SmallCorpus;

constexpr std::int32_t kCls = 2;
constexpr std::int32_t kSep = 3;

bool equal(const Example& a, const Example& b) {
  return a.token_ids == b.token_ids && a.segment_ids == b.segment_ids && a.masked_positions == b.masked_positions &&
         a.labels == b.labels && a.order_label == b.order_label;
}

/// The tokens of an example before masking, without the special ones: one or two segments.
Sentences segments_of(const Example& example) {
  std::vector<std::int32_t> ids = example.token_ids;
  for (std::size_t k = 0; k < example.labels.size(); ++k)
    ids[static_cast<std::size_t>(example.masked_positions[k])] = example.labels[k];
  EXPECT_EQ(ids.front(), kCls);
  EXPECT_EQ(ids.back(), kSep);
  Sentences segments(1);
  for (std::size_t i = 1; i + 1 < ids.size(); ++i) {
    EXPECT_EQ(example.segment_ids[i], static_cast<std::int32_t>(segments.size()) - 1);
    if (ids[i] == kSep) {
      segments.emplace_back();
    } else {
      segments.back().push_back(ids[i]);
    }
  }
  EXPECT_EQ(example.segment_ids.front(), 0);
  EXPECT_EQ(example.segment_ids.back(), static_cast<std::int32_t>(segments.size()) - 1);
  return segments;
}

/// Documents in which every token occurs once, ascending: an id tells its document and place.
std::vector<Sentences> numbered_documents(std::uint32_t num_documents, std::uint32_t max_sentences,
                                          std::uint32_t max_sentence_tokens) {
  std::vector<Sentences> documents = testing::random_documents(
      {.num_documents = num_documents, .max_sentences = max_sentences, .max_sentence_tokens = max_sentence_tokens});
  std::int32_t id = 5;
  for (Sentences& document : documents) {
    for (auto& sentence : document) {
      for (std::int32_t& token : sentence) token = id++;
    }
  }
  return documents;
}

std::size_t num_tokens_of(const std::vector<Sentences>& documents) {
  std::size_t sum = 0;
  for (const Sentences& document : documents) {
    for (const auto& sentence : document) sum += sentence.size();
  }
  return sum;
}

class ExamplesTest : public ::testing::Test {
 protected:
  PretrainingExamples source_of(const SmallCorpus& content, const ExampleConfig& config, std::uint64_t seed = 1,
                                Split split = Split::kTrain) {
    const auto corpus = testing::open_corpus(folder_.path(), content);
    return {corpus, split, testing::FakeTokenizer(content.vocabulary_size), config, seed};
  }

  /// A corpus of numbered documents, in several shards.
  SmallCorpus numbered(std::uint32_t num_documents = 40, std::uint32_t max_sentences = 40,
                       std::uint32_t max_sentence_tokens = 30) {
    SmallCorpus content{.train = numbered_documents(num_documents, max_sentences, max_sentence_tokens), .held_out = {}};
    content.vocabulary_size = static_cast<std::int32_t>(num_tokens_of(content.train)) + 5;
    content.max_shard_tokens = 6000;
    for (std::uint32_t i = 0; i < num_documents; ++i) {
      for (const auto& sentence : content.train[i]) {
        for (const std::int32_t id : sentence) document_of_[id] = i;
      }
    }
    return content;
  }

  const testing::TemporaryFolder folder_;
  std::map<std::int32_t, std::uint32_t> document_of_;  ///< of each id of a numbered corpus
};

std::vector<Example> all_of(const EpochExamples& epoch) {
  std::vector<Example> examples;
  for (std::uint64_t i = 0; i < epoch.size(); ++i) examples.push_back(epoch.make(i, 0.15));
  return examples;
}

TEST_F(ExamplesTest, ArePairsOfConsecutiveTextInOrderOrSwapped) {
  const PretrainingExamples source = source_of(numbered(), {.max_sequence_length = 64});
  for (const Example& example : all_of(*source.epoch(0))) {
    EXPECT_LE(example.token_ids.size(), 64U);
    Sentences segments = segments_of(example);
    ASSERT_EQ(segments.size(), 2U);
    if (example.order_label == 1) std::swap(segments[0], segments[1]);
    // Both runs of one document, the first before the second; truncation may leave a gap.
    for (const auto& segment : segments) {
      ASSERT_FALSE(segment.empty());
      for (std::size_t i = 0; i < segment.size(); ++i) EXPECT_EQ(segment[i], segment[0] + static_cast<std::int32_t>(i));
    }
    EXPECT_LT(segments[0].back(), segments[1].front());
    EXPECT_EQ(document_of_[segments[0].front()], document_of_[segments[1].back()]);
    if (segments[0].size() + segments[1].size() < 61) {
      EXPECT_EQ(segments[0].back() + 1, segments[1].front());
    }
  }
}

TEST_F(ExamplesTest, HalfAreSwapped) {
  const PretrainingExamples source = source_of(numbered(300), {.max_sequence_length = 32});
  std::vector<double> counts(2);
  for (const Example& example : all_of(*source.epoch(0))) ++counts[static_cast<std::size_t>(example.order_label)];
  EXPECT_GT(counts[0] + counts[1], 2000);
  EXPECT_LT(testing::chi_squared(counts), 10.8);  // 1 degree of freedom, p = 0.001
}

// Sentence-order examples of documents of one sentence: the order is still a true one, inside the sentence.
TEST_F(ExamplesTest, OneSentenceGivesNoWrongLabel) {
  const PretrainingExamples source = source_of(numbered(200, 1, 50), {.max_sequence_length = 40});
  int swapped = 0;
  for (const Example& example : all_of(*source.epoch(0))) {
    Sentences segments = segments_of(example);
    if (example.order_label == 1) std::swap(segments[0], segments[1]);
    swapped += example.order_label;
    EXPECT_EQ(segments[0].back() + 1, segments[1].front());
    EXPECT_EQ(document_of_[segments[0].front()], document_of_[segments[1].back()]);
  }
  EXPECT_GT(swapped, 50);
}

TEST_F(ExamplesTest, AnEpochCoversTheCorpusButForWhatItCounts) {
  for (const PairObjective objective : {PairObjective::kSentenceOrder, PairObjective::kNone}) {
    const SmallCorpus content = numbered(60, 20, 90);
    const auto epoch = source_of(content, {.max_sequence_length = 64, .pair_objective = objective}).corpus_epoch(3);
    std::map<std::int32_t, int> times;
    for (const Example& example : all_of(*epoch)) {
      for (const auto& segment : segments_of(example)) {
        for (const std::int32_t id : segment) ++times[id];
      }
    }
    for (const auto& [id, count] : times) EXPECT_EQ(count, 1) << id;
    const EpochStatistics& statistics = epoch->statistics();
    EXPECT_EQ(statistics.num_examples, epoch->size());
    EXPECT_EQ(statistics.num_tokens - statistics.truncated_tokens, times.size());
    EXPECT_EQ(statistics.num_tokens + statistics.dropped_tokens, num_tokens_of(content.train));
  }
}

TEST_F(ExamplesTest, DropsAndCountsWhatIsTooShortForAPair) {
  const auto epoch = source_of({.train = {{{7}}, {{8, 10}}, {{11}}}, .held_out = {}}, {}).corpus_epoch(0);
  EXPECT_EQ(epoch->size(), 1U);
  EXPECT_EQ(epoch->statistics().dropped_tokens, 2U);
  EXPECT_EQ(source_of({.train = {{{7}}, {{8, 10}}}, .held_out = {}}, {.pair_objective = PairObjective::kNone})
                .epoch(0)
                ->size(),
            2U);
}

TEST_F(ExamplesTest, WithoutPairsThereIsOneSegmentAndNoLabel) {
  const PretrainingExamples source =
      source_of(numbered(), {.max_sequence_length = 48, .pair_objective = PairObjective::kNone});
  for (const Example& example : all_of(*source.epoch(0))) {
    EXPECT_LE(example.token_ids.size(), 48U);
    EXPECT_EQ(example.order_label, -1);
    EXPECT_EQ(segments_of(example).size(), 1U);
  }
}

TEST_F(ExamplesTest, NextSentenceTakesHalfOfTheSecondSegmentsFromOtherDocuments) {
  const PretrainingExamples source =
      source_of(numbered(100, 40, 20), {.max_sequence_length = 64, .pair_objective = PairObjective::kNextSentence});
  std::vector<double> counts(2);
  std::set<std::uint32_t> others;
  for (const Example& example : all_of(*source.epoch(0))) {
    EXPECT_LE(example.token_ids.size(), 64U);
    const Sentences segments = segments_of(example);
    ASSERT_EQ(segments.size(), 2U);
    const std::uint32_t first = document_of_[segments[0].front()];
    const std::uint32_t second = document_of_[segments[1].front()];
    EXPECT_EQ(first == second, example.order_label == 0);
    if (first == second) {
      EXPECT_LT(segments[0].back(), segments[1].front());
    }
    if (first != second) others.insert(second);
    EXPECT_EQ(document_of_[segments[1].back()], second);
    ++counts[static_cast<std::size_t>(example.order_label)];
  }
  EXPECT_GT(others.size(), 70U);
  EXPECT_LT(testing::chi_squared(counts), 10.8);  // 1 degree of freedom, p = 0.001
}

TEST_F(ExamplesTest, NextSentenceNeedsAnotherDocument) {
  const PretrainingExamples source =
      source_of({.train = {{{7, 8}, {10}}}, .held_out = {}}, {.pair_objective = PairObjective::kNextSentence});
  try {
    source.epoch(0);
    FAIL();
  } catch (const DataError& error) {
    EXPECT_THAT(error.what(), HasSubstr("the train part of the corpus has 1; use sentence_order"));
  }
}

TEST_F(ExamplesTest, DependOnSeedEpochAndIndexAlone) {
  const SmallCorpus content = numbered();
  const ExampleConfig config{.max_sequence_length = 64};
  const auto epoch = source_of(content, config).epoch(2);
  const std::vector<Example> forward = all_of(*epoch);
  const auto again = source_of(content, config).epoch(2);
  ASSERT_EQ(again->size(), epoch->size());
  for (std::uint64_t i = epoch->size(); i-- > 0;) EXPECT_TRUE(equal(again->make(i, 0.15), forward[i])) << i;
}

TEST_F(ExamplesTest, AreTheSameFromSeveralThreads) {
  const auto epoch = source_of(numbered(), {.max_sequence_length = 64}).epoch(0);
  const std::vector<Example> expected = all_of(*epoch);
  std::vector<int> differing(4);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < differing.size(); ++t) {
    threads.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < epoch->size(); ++i) {
        const std::uint64_t index = (i * 7 + t * 31) % epoch->size();
        if (!equal(epoch->make(index, 0.15), expected[index])) ++differing[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(differing, ::testing::Each(0));
}

TEST_F(ExamplesTest, DifferWithSeedAndEpoch) {
  const SmallCorpus content = numbered();
  const ExampleConfig config{.max_sequence_length = 64};
  const auto epoch = source_of(content, config).epoch(0);
  for (const auto& other : {source_of(content, config).epoch(1), source_of(content, config, 2).epoch(0)}) {
    std::uint64_t same = 0;
    for (std::uint64_t i = 0; i < std::min(epoch->size(), other->size()); ++i)
      same += equal(epoch->make(i, 0.15), other->make(i, 0.15)) ? 1 : 0;
    EXPECT_EQ(same, 0U);
  }
}

// The text of an epoch comes in random order, not in that of the corpus.
TEST_F(ExamplesTest, AreShuffled) {
  const auto epoch = source_of(numbered(), {.max_sequence_length = 64}).epoch(0);
  int ascending = 0;
  for (std::uint64_t i = 1; i < epoch->size(); ++i)
    ascending += segments_of(epoch->make(i, 0.15))[0][0] > segments_of(epoch->make(i - 1, 0.15))[0][0] ? 1 : 0;
  EXPECT_NEAR(ascending / static_cast<double>(epoch->size()), 0.5, 0.1);
}

TEST_F(ExamplesTest, ShareOfMaskedTokensIsTheOneAsked) {
  const auto epoch = source_of(numbered(100), {.max_sequence_length = 128}).epoch(0);
  double masked = 0;
  double tokens = 0;
  for (const Example& example : all_of(*epoch)) {
    masked += static_cast<double>(example.labels.size());
    tokens += static_cast<double>(example.token_ids.size());
  }
  EXPECT_NEAR(masked / tokens, 0.15, 0.003);
}

TEST_F(ExamplesTest, HeldOutExamplesComeFromHeldOutDocuments) {
  const PretrainingExamples source =
      source_of({.train = {{{7, 8}, {10}}}, .held_out = {{{20, 22}, {23}}}},
                {.mask_token_probability = 0, .random_token_probability = 0}, 1, Split::kHeldOut);
  const auto epoch = source.epoch(0);
  ASSERT_EQ(epoch->size(), 1U);
  std::vector<std::int32_t> ids = epoch->make(0, 0.15).token_ids;
  std::sort(ids.begin(), ids.end());
  EXPECT_THAT(ids, ::testing::ElementsAre(2, 3, 3, 20, 22, 23));
}

TEST_F(ExamplesTest, AnEmptySplitIsAnErrorOnlyWhenItIsRead) {
  const PretrainingExamples source = source_of({.train = {{{7, 8}, {10}}}, .held_out = {}}, {}, 1, Split::kHeldOut);
  EXPECT_THROW(source.epoch(0), DataError);
}

TEST_F(ExamplesTest, RefuseAnotherTokenizer) {
  const auto corpus = testing::open_corpus(folder_.path(), {.train = {{{7, 8}}}, .held_out = {}});
  EXPECT_THROW(PretrainingExamples(corpus, Split::kTrain, testing::FakeTokenizer(99), {}, 1), DataError);
}

TEST(ExampleConfig, ReportsContradictions) {
  config::Configuration document;
  document.add_assignment("mask_token_probability=0.95");
  document.add_assignment("mask_unit=words");
  document.add_assignment("max_ngram=2");
  document.add_assignment("masking_rate={0: 0.3, 1: 0}");
  try {
    document.read<ExampleConfig>();
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("add up to more than 1"));
    EXPECT_THAT(error.what(), HasSubstr("has no effect without mask_unit: ngrams"));
    EXPECT_THAT(error.what(), HasSubstr("nothing to predict"));
  }
}

TEST(ExampleConfig, NamesItsChoices) {
  for (const auto& [name, objective] : {std::pair{"sentence_order", PairObjective::kSentenceOrder},
                                        {"next_sentence", PairObjective::kNextSentence},
                                        {"none", PairObjective::kNone}}) {
    config::Configuration document;
    document.add_assignment(std::string("pair_objective=") + name);
    EXPECT_EQ(document.read<ExampleConfig>().pair_objective, objective);
  }
}

}  // namespace
}  // namespace albert::corpus
