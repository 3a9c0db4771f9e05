#include "tasks/tokens/tagged_predictions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/temporary_folder.h"
#include "support/write_file.h"
#include "tasks/tokens/score.h"
#include "tasks/tokens/tagged_reader.h"

namespace albert::tasks {
namespace {

using albert::testing::TemporaryFolder;
using albert::testing::write_file;
using ::testing::HasSubstr;

constexpr const char* kConll = "-DOCSTART- -X- O\n\nAnn NNP B-PER\nLee NNP I-PER\n\nruns VBZ O\n";
const std::vector<Tags> kPredicted = {{"B-PER", "O"}, {"O"}};

TEST(WithPredictions, AColumnIsAdded) {
  const TaggedFile spaces = parse_tagged(kConll, {}, true, "x");
  EXPECT_EQ(with_predictions(spaces, kPredicted, ConlluTag::kUpos),
            "-DOCSTART- -X- O O\n\nAnn NNP B-PER B-PER\nLee NNP I-PER O\n\nruns VBZ O O\n");
  const TaggedFile tabs = parse_tagged("a\tO\n\t\nb\tO", {}, true, "x");
  const std::vector<Tags> tags = {{"X"}, {"Y"}};
  EXPECT_EQ(with_predictions(tabs, tags, ConlluTag::kUpos), "a\tO\tX\n\t\nb\tO\tY\n");
  const TaggedFile rows = parse_tagged("text_a\tlabel\na b\tO O\n\nc\tO\n", {}, true, "x");
  const std::vector<Tags> of_rows = {{"X", "O"}, {"Y"}};
  EXPECT_EQ(with_predictions(rows, of_rows, ConlluTag::kUpos), "text_a\tlabel\tprediction\na b\tO O\tX O\n\nc\tO\tY\n");
}

TEST(WithPredictions, TheColumnOfConlluIsFilled) {
  const TaggedFile file =
      parse_tagged("# c\n1-2\tab\t_\t_\t_\t_\t_\t_\t_\t_\n1\ta\t_\tX\tx\t_\t_\t_\t_\t_\n2\tb\t_\t_\t_\t_\t_\t_\t_\t_\n",
                   {}, true, "x.conllu");
  const std::vector<Tags> tags = {{"NOUN", "VERB"}};
  EXPECT_EQ(with_predictions(file, tags, ConlluTag::kUpos),
            "# c\n1-2\tab\t_\t_\t_\t_\t_\t_\t_\t_\n1\ta\t_\tNOUN\tx\t_\t_\t_\t_\t_\n2\tb\t_\tVERB\t_\t_\t_\t_\t_\t_\n");
  EXPECT_THAT(with_predictions(file, tags, ConlluTag::kXpos), HasSubstr("1\ta\t_\tX\tNOUN\t_"));
}

TEST(WithPredictions, NumbersMustFit) {
  const TaggedFile file = parse_tagged(kConll, {}, true, "x");
  const std::vector<Tags> short_tags = {{"O"}, {"O"}};
  EXPECT_THROW(with_predictions(file, short_tags, ConlluTag::kUpos), InternalError);
}

class ScoreTags : public ::testing::Test {
 protected:
  metrics::Report score(TagScoring scoring, std::string_view predictions) {
    write_file(folder_ / "gold", kConll);
    write_file(folder_ / "predictions", predictions);
    return score_tags(scoring, folder_ / "gold", folder_ / "predictions", {});
  }

  std::string error_of(std::string_view predictions) {
    try {
      score(TagScoring::kEntities, predictions);
    } catch (const DataError& error) {
      return error.what();
    }
    return "no error";
  }

  TemporaryFolder folder_;
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

TEST_F(ScoreTags, OtherSentencesAreRefused) {
  EXPECT_THAT(error_of("Ann O\nLeo O\n\nruns O\n"), HasSubstr("predictions:1: the words are not those of"));
  EXPECT_THAT(error_of("Ann O\nLeo O\n\nruns O\n"),
              HasSubstr(R"(expected "Lee" as word 2 of the sentence, found "Leo")"));
  EXPECT_THAT(error_of("Ann O\n\nruns O\n"), HasSubstr("found the end of the sentence"));
  EXPECT_THAT(error_of("Ann O\nLee O\n"), HasSubstr("expected the 2 sentences of"));
}

}  // namespace
}  // namespace albert::tasks
