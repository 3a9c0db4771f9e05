#include "tasks/tokens/answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/tokens/readers.h"
#include "tasks/tokens/task.h"

namespace albert::tasks {
namespace {

using ::testing::HasSubstr;
using testing::refusal;

constexpr const char* kConll = "-DOCSTART- -X- O\n\nAnn NNP B-PER\nLee NNP I-PER\n\nruns VBZ O\n";
const std::vector<TagAnswer> kPredicted = {{.tags = {"B-PER", "O"}}, {.tags = {"O"}}};

TEST(WithPredictions, AColumnIsAdded) {
  const TaggedFile spaces = parse_tagged(kConll, {}, true, "x");
  EXPECT_EQ(with_predictions(spaces, kPredicted, ConlluTag::kUpos),
            "-DOCSTART- -X- O O\n\nAnn NNP B-PER B-PER\nLee NNP I-PER O\n\nruns VBZ O O\n");
  const TaggedFile tabs = parse_tagged("a\tO\n\t\nb\tO", {}, true, "x");
  const std::vector<TagAnswer> tags = {{.tags = {"X"}}, {.tags = {"Y"}}};
  EXPECT_EQ(with_predictions(tabs, tags, ConlluTag::kUpos), "a\tO\tX\n\t\nb\tO\tY\n");
  const TaggedFile rows = parse_tagged("text_a\tlabel\na b\tO O\n\nc\tO\n", {}, true, "x");
  const std::vector<TagAnswer> of_rows = {{.tags = {"X", "O"}}, {.tags = {"Y"}}};
  EXPECT_EQ(with_predictions(rows, of_rows, ConlluTag::kUpos), "text_a\tlabel\tprediction\na b\tO O\tX O\n\nc\tO\tY\n");
}

TEST(WithPredictions, AColumnOfPredictionsIsNotAddedTwice) {
  const TaggedFile rows = parse_tagged("text_a\tlabel\tprediction\na\tO\tO\n", {}, true, "x.tsv");
  const std::vector<TagAnswer> tags = {{.tags = {"X"}}};
  EXPECT_THAT(refusal<DataError>([&] { check_tagged_rows(rows); }),
              HasSubstr("x.tsv:1: there is a column 'prediction' already"));
  const TaggedFile objects =
      parse_tagged("{\"words\": [\"a\"]}\n{\"words\": [\"b\"], \"prediction\": [\"O\"]}\n", {}, false, "x.jsonl");
  EXPECT_THAT(refusal<DataError>([&] { check_tagged_rows(objects); }),
              HasSubstr("x.jsonl:2: there is a member 'prediction' already"));
}

TEST(WithPredictions, TheColumnOfConlluIsFilled) {
  const TaggedFile file =
      parse_tagged("# c\n1-2\tab\t_\t_\t_\t_\t_\t_\t_\t_\n1\ta\t_\tX\tx\t_\t_\t_\t_\t_\n2\tb\t_\t_\t_\t_\t_\t_\t_\t_\n",
                   {}, true, "x.conllu");
  const std::vector<TagAnswer> tags = {{.tags = {"NOUN", "VERB"}}};
  EXPECT_EQ(with_predictions(file, tags, ConlluTag::kUpos),
            "# c\n1-2\tab\t_\t_\t_\t_\t_\t_\t_\t_\n1\ta\t_\tNOUN\tx\t_\t_\t_\t_\t_\n2\tb\t_\tVERB\t_\t_\t_\t_\t_\t_\n");
  EXPECT_THAT(with_predictions(file, tags, ConlluTag::kXpos), HasSubstr("1\ta\t_\tX\tNOUN\t_"));
}

TEST(WithPredictions, ObjectsGetAMember) {
  const TaggedFile file = parse_tagged(R"([{"words": ["a"], "tags": ["X"], "n": 1.50}])", {}, true, "x.json");
  const std::vector<TagAnswer> tags = {{.tags = {"Y"}}};
  EXPECT_EQ(with_predictions(file, tags, ConlluTag::kUpos),
            "{\"words\": [\"a\"],\"tags\": [\"X\"],\"n\": 1.50,\"prediction\":[\"Y\"]}\n");
}

TEST(WithPredictions, NumbersMustFit) {
  const TaggedFile file = parse_tagged(kConll, {}, true, "x");
  const std::vector<TagAnswer> short_tags = {{.tags = {"O"}}, {.tags = {"O"}}};
  EXPECT_THROW(with_predictions(file, short_tags, ConlluTag::kUpos), InternalError);
}

class ScoreTags : public ::testing::Test {
 protected:
  metrics::Report score(TagScoring scoring, std::string_view predictions, std::string_view gold = kConll,
                        const std::string& extension = "") const {
    const ScoreFiles files{.gold = folder_ / ("gold" + extension), .predictions = folder_ / "predictions"};
    testing::write_file(files.gold, gold);
    testing::write_file(files.predictions, predictions);
    TaskConfig config(tokens_type());
    config.as<TokenSettings>().score = scoring;
    return make_task({.config = config}, nullptr)->score(files);
  }
  std::string error_of(std::string_view predictions, std::string_view gold = kConll) const {
    return refusal<DataError>([&] { score(TagScoring::kEntities, predictions, gold); });
  }

  testing::TemporaryFolder folder_;
};

TEST_F(ScoreTags, WhatWasWrittenIsReadAgain) {
  const std::string written = with_predictions(parse_tagged(kConll, {}, true, "x"), kPredicted, ConlluTag::kUpos);
  const metrics::Report tags = score(TagScoring::kTags, written);
  EXPECT_NEAR(*metrics::find(tags.figures, "accuracy"), 2.0 / 3, 1e-12);
  const metrics::Report entities = score(TagScoring::kEntities, written);
  EXPECT_EQ(metrics::find(entities.figures, "f1"), 0.0);  // half of the name was found
  const std::string right = "Ann B-PER\nLee I-PER\n\nruns O\n";
  EXPECT_EQ(metrics::find(score(TagScoring::kEntities, right).figures, "f1"), 1.0);
}

TEST_F(ScoreTags, OfObjectsAndOfOtherSchemes) {
  const std::string gold = R"({"words": ["Ann", "Lee", "Rome"], "tags": ["B-PER", "L-PER", "U-LOC"])";
  EXPECT_DOUBLE_EQ(*metrics::find(score(TagScoring::kEntities, gold + R"(, "prediction": ["B-PER", "E-PER", "O"]})",
                                        gold + "}", ".json")
                                      .figures,
                                  "f1"),
                   2.0 / 3);
  EXPECT_THAT(refusal<DataError>([&] { score(TagScoring::kEntities, gold + "}", gold + "}", ".json"); }),
              HasSubstr("expected a list of tags in 'prediction'"));
}

TEST_F(ScoreTags, WordsWithoutAGoldTagDoNotCount) {
  const auto line = [](const std::string& id, const std::string& upos) {
    return id + "\ta\t_\t" + upos + "\t_\t_\t_\t_\t_\t_\n";
  };
  const metrics::Report report =
      score(TagScoring::kTags, line("1", "DET") + line("2", "X"), line("1", "DET") + line("2", "_"), ".conllu");
  EXPECT_EQ(metrics::find(report.figures, "accuracy"), 1.0);
  EXPECT_EQ(metrics::find(report.figures, "macro_f1"), 1.0);
}

TEST_F(ScoreTags, OtherSentencesAreRefused) {
  EXPECT_THAT(error_of("Ann O\nLeo O\n\nruns O\n"), HasSubstr("predictions:1: the words are not those of"));
  EXPECT_THAT(error_of("Ann O\nLeo O\n\nruns O\n"),
              HasSubstr(R"(expected "Lee" as word 2 of the sentence, found "Leo")"));
  EXPECT_THAT(error_of("Ann O\n\nruns O\n"), HasSubstr("found the end of the sentence"));
  EXPECT_THAT(error_of("Ann O\nLee O\n"), HasSubstr("expected the 2 sentences of"));
}

TEST_F(ScoreTags, EntitiesNeedTagsOfASchemeInBothFiles) {
  EXPECT_THAT(error_of("Ann X\nLee O\n\nruns O\n"), HasSubstr("predictions:1: the tag 'X' is none of IOB1, BIO"));
  EXPECT_THAT(error_of("Ann O\n", "Ann NNP\n"), HasSubstr("gold:1: the tag 'NNP' is none of IOB1, BIO"));
  EXPECT_EQ(metrics::find(score(TagScoring::kTags, "Ann O\n", "Ann NNP\n").figures, "accuracy"), 0.0);
}

TEST_F(ScoreTags, TagsOfTheOtherColumnOfConlluAreRefused) {
  const auto line = [](const std::string& upos, const std::string& xpos) {
    return "1\ta\t_\t" + upos + "\t" + xpos + "\t_\t_\t_\t_\t_\n";
  };
  const auto score_conllu = [&](const std::string& predicted) {
    return score(TagScoring::kTags, predicted, line("DET", "DT"), ".conllu");
  };
  EXPECT_EQ(metrics::find(score_conllu(line("DET", "DT")).figures, "accuracy"), 1.0);
  EXPECT_EQ(metrics::find(score_conllu(line("NOUN", "DT")).figures, "accuracy"), 0.0);
  EXPECT_THAT(refusal<DataError>([&] { score_conllu(line("DET", "NN")); }),
              HasSubstr("these were predicted; score them with --set task.tokens.conllu_tag=xpos"));
}

}  // namespace
}  // namespace albert::tasks
