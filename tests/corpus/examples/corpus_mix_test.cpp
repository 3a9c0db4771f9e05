#include "corpus/examples/corpus_mix.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/random_documents.h"
#include "support/refusal.h"
#include "support/small_corpus.h"
#include "support/temporary_folder.h"

namespace albert::corpus {
namespace {

using ::testing::HasSubstr;

class CorpusMixTest : public ::testing::Test {
 protected:
  /// Writes a corpus of documents of one sentence of 10 tokens.
  CorpusChoice choice(const std::string& name, std::size_t num_documents, std::optional<double> weight = {},
                      std::int32_t vocabulary_size = 100) {
    testing::SmallCorpus content{.train = {}, .held_out = {}, .vocabulary_size = vocabulary_size};
    content.train.assign(num_documents, testing::Sentences(1, std::vector<std::int32_t>(10, 7)));
    testing::write_corpus(folder_ / name, content);
    return {folder_ / name, weight};
  }
  static std::vector<double> weights_of(const CorpusMix& mix) {
    std::vector<double> weights;
    for (const auto& part : mix.components()) weights.push_back(part.weight);
    return weights;
  }
  static std::vector<std::string> names_of(const CorpusMix& mix) {
    std::vector<std::string> names;
    for (const auto& part : mix.components()) names.push_back(part.name);
    return names;
  }

  const testing::TemporaryFolder folder_;
};

TEST_F(CorpusMixTest, WeightsAddUpToOne) {
  const CorpusMix mix = CorpusMix::open({choice("a", 4, 7), choice("b", 100, 1), choice("c", 4, 2)}, 1);
  EXPECT_THAT(weights_of(mix), ::testing::ElementsAre(0.7, 0.1, 0.2));
  EXPECT_EQ(mix.num_documents(Split::kTrain), 108U);
  EXPECT_EQ(mix.num_tokens(Split::kTrain), 1080U);
  EXPECT_THAT(weights_of(CorpusMix::open({choice("d", 1, 1e308), choice("e", 1, 1e308)}, 1)), ::testing::Each(0.5));
}

TEST_F(CorpusMixTest, WithoutWeightsTheSizeAndTheTemperatureDecide) {
  const std::vector<CorpusChoice> choices{choice("large", 160), choice("small", 10)};
  EXPECT_THAT(weights_of(CorpusMix::open(choices, 1)),
              ::testing::Pointwise(::testing::DoubleNear(1e-11), {160.0 / 170, 10.0 / 170}));
  EXPECT_THAT(weights_of(CorpusMix::open(choices, 4)),
              ::testing::Pointwise(::testing::DoubleNear(1e-11), {2.0 / 3, 1.0 / 3}));
  EXPECT_THAT(weights_of(CorpusMix::open(choices, 1e9)), ::testing::Pointwise(::testing::DoubleNear(1e-8), {0.5, 0.5}));
}

TEST_F(CorpusMixTest, NamesAreThoseOfTheFoldersAndDiffer) {
  const auto names = [&](const std::vector<std::string>& folders) {
    std::vector<CorpusChoice> choices;
    for (const std::string& name : folders) choices.push_back(choice(name, 1));
    return names_of(CorpusMix::open(choices, 1));
  };
  EXPECT_THAT(names({"books",
                     "b\xc3\xbc"
                     "cher 2/"}),
              ::testing::ElementsAre("books",
                                     "b\xc3\xbc"
                                     "cher_2"));
  EXPECT_THAT(names({"de/corpus", "en/corpus", "x"}), ::testing::ElementsAre("corpus_1", "corpus_2", "x"));
  EXPECT_THAT(names({"p/x", "q/x", "x_1"}), ::testing::ElementsAre("x_1_1", "x_2", "x_1_3"));
  EXPECT_THAT(names({"mlm", "books_mlm", "books", "sop", "constant_guess"}),
              ::testing::ElementsAre("mlm_1", "books_mlm_2", "books", "sop_4", "constant_guess_5"));
}

TEST_F(CorpusMixTest, TwoTokenizersAreRefusedAndBothCorporaNamed) {
  const std::vector<CorpusChoice> choices{choice("a", 1), choice("b", 1, {}, 99)};
  EXPECT_THAT(testing::refusal<DataError>([&] { CorpusMix::open(choices, 1); }),
              ::testing::AllOf(HasSubstr((folder_ / "b").string() + " was encoded with another tokenizer than " +
                                         (folder_ / "a").string()),
                               HasSubstr("build it again with --tokenizer " + (folder_ / "a/tokenizer").string())));
  EXPECT_THAT(testing::refusal<DataError>([&] {
                CorpusMix::open({choice("a", 1), {folder_ / "none", {}}}, 1);
              }),
              HasSubstr((folder_ / "none").string() + ": no manifest.json there"));
}

TEST_F(CorpusMixTest, TheFingerprintCoversContentOrderAndWeights) {
  const CorpusChoice a = choice("a", 4, 1), b = choice("b", 5, 1);
  const auto of = [](const std::vector<CorpusChoice>& choices) { return CorpusMix::open(choices, 1).fingerprints(); };
  const auto expected = of({a, b});
  EXPECT_EQ(of({a, b}), expected);
  EXPECT_EQ(of({choice("moved", 4, 2), {b.corpus, 2}}), expected) << "folders may move, and weights have no unit";
  EXPECT_NE(of({b, a}).at("corpus"), expected.at("corpus"));
  EXPECT_NE(of({a, {b.corpus, 1.001}}).at("corpus"), expected.at("corpus"));
  EXPECT_NE(of({a}).at("corpus"), expected.at("corpus"));
  const auto changed = of({a, choice("other", 6, 1)});
  EXPECT_NE(changed.at("corpus"), expected.at("corpus"));
  EXPECT_EQ(changed.at("content of corpus 001"), expected.at("content of corpus 001"));
  EXPECT_NE(changed.at("content of corpus 002"), expected.at("content of corpus 002"));
  EXPECT_EQ(of({a}), (std::map<std::string, std::string>{{"corpus", Corpus::open(a.corpus)->fingerprint()}}));
}

TEST_F(CorpusMixTest, OneCorpusGivesItsOwnExamples) {
  const testing::SmallCorpus content{.train = testing::random_documents({.num_documents = 6}, 1), .held_out = {}};
  const auto corpus = testing::open_corpus(folder_ / "one", content);
  const testing::FakeTokenizer tokenizer;
  const ExampleConfig config{.max_sequence_length = 32};
  const auto own = PretrainingExamples(corpus, Split::kTrain, tokenizer, config, 3).epoch(1);
  const auto mixed = CorpusMix(corpus).examples(Split::kTrain, tokenizer, config, 3);
  EXPECT_TRUE(mixed->components().empty());
  ASSERT_EQ(mixed->epoch(1)->size(), own->size());
  for (std::uint64_t i = 0; i < own->size(); ++i)
    EXPECT_EQ(mixed->epoch(1)->make(i, 0.15).token_ids, own->make(i, 0.15).token_ids);
}

// Twice the same text under other numbers: masks of the one tell nothing of the other.
TEST_F(CorpusMixTest, SeveralCorporaDrawOtherNumbers) {
  const testing::SmallCorpus content{.train = testing::random_documents({.num_documents = 6}, 1), .held_out = {}};
  testing::write_corpus(folder_ / "x", content);
  testing::write_corpus(folder_ / "y", content);
  const CorpusMix mix = CorpusMix::open({{folder_ / "x", 1}, {folder_ / "y", 1}}, 1);
  const auto source = mix.examples(Split::kTrain, testing::FakeTokenizer(), {.max_sequence_length = 32}, 3);
  const auto epoch = source->epoch(0);
  ASSERT_EQ(source->components().size(), 2U);
  EXPECT_EQ(epoch->size(), source->components()[0].own_size + source->components()[1].own_size);
  std::set<std::vector<std::int32_t>> different;
  for (std::uint64_t i = 0; i < epoch->size(); ++i) {
    different.insert(epoch->make(i, 0.15).token_ids);
    EXPECT_EQ(epoch->num_tokens(i), epoch->make(i, 0.15).token_ids.size());
  }
  EXPECT_GT(different.size(), epoch->size() * 9 / 10);
}

}  // namespace
}  // namespace albert::corpus
