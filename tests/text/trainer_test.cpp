#include "text/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "text/piece_spelling.h"
#include "text/small_vocabulary.h"

namespace albert::text {
namespace {

using ::testing::HasSubstr;
using testing::make_lines;

LineSource source_of(const std::vector<std::string>& lines) {
  return [&lines, next = std::size_t{0}](std::string& line) mutable {
    if (next == lines.size()) return false;
    line = lines[next++];
    return true;
  };
}

std::shared_ptr<const Tokenizer> train(const std::vector<std::string>& lines, const TrainerSettings& settings) {
  return train_tokenizer(source_of(lines), settings);
}

TrainerSettings small_settings() {
  TrainerSettings settings;
  settings.vocabulary_size = 200;
  return settings;
}

TEST(Trainer, IdsAreAlberts) {
  const auto tokenizer = testing::small_vocabulary();
  EXPECT_EQ(tokenizer->vocabulary_size(), 400);
  const std::vector<std::string> first = {"<pad>", "<unk>", "[CLS]", "[SEP]",  "[MASK]", "(",     ")",
                                          "\"",    "-",     ".",     "\u2013", "\u00a3", "\u20ac"};
  for (std::size_t id = 0; id < first.size(); ++id)
    EXPECT_EQ(tokenizer->piece(static_cast<std::int32_t>(id)), first[id]);
  EXPECT_EQ(tokenizer->special().mask, 4);
}

TEST(Trainer, LearnsTheNormalisedText) {
  const auto has_upper_case = [](const Tokenizer& tokenizer) {
    for (std::int32_t id = 5; id < tokenizer.vocabulary_size(); ++id) {
      for (const char c : tokenizer.piece(id)) {
        if (c >= 'A' && c <= 'Z') return true;
      }
    }
    return false;
  };
  EXPECT_FALSE(has_upper_case(*testing::small_vocabulary()));
  EXPECT_TRUE(has_upper_case(*testing::small_vocabulary({.do_lower_case = false, .keep_accents = false})));
}

TEST(Trainer, RepeatsItself) {
  const std::vector<std::string> lines = make_lines(400, 21);
  const std::string fingerprint = train(lines, small_settings())->fingerprint();
  EXPECT_EQ(train(lines, small_settings())->fingerprint(), fingerprint);
  EXPECT_NE(train(make_lines(400, 22), small_settings())->fingerprint(), fingerprint);
}

TEST(Trainer, SizesThatDoNotFitAreExplained) {
  const std::vector<std::string> lines = make_lines(100, 1);
  TrainerSettings settings = small_settings();
  const auto message = [&](std::int32_t size) {
    settings.vocabulary_size = size;
    try {
      train(lines, settings);
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  const std::string too_large = message(30000);
  EXPECT_THAT(too_large, HasSubstr("the largest possible vocabulary is "));
  const std::int32_t largest = std::stoi(too_large.substr(too_large.find(" is ") + 4));
  EXPECT_EQ(message(largest), "no error");  // what it says is true
  EXPECT_THAT(message(largest + 1), HasSubstr("largest possible"));
  EXPECT_THAT(message(20), HasSubstr("cannot hold the characters"));
  EXPECT_THAT(message(13), HasSubstr("more than 13 pieces"));
}

TEST(Trainer, SettingsThatSentencePieceWouldNotTakeAreNamed) {
  const std::vector<std::string> lines = make_lines(100, 1);
  const auto refusal = [&](std::vector<std::string> symbols, double coverage) {
    TrainerSettings settings = small_settings();
    settings.user_defined_symbols = std::move(symbols);
    settings.character_coverage = coverage;
    return albert::testing::refusal<UsageError>([&] { train(lines, settings); });
  };
  EXPECT_THAT(refusal({"ABC", "x", "ABC"}, 1), HasSubstr("--user-defined-symbols 'ABC': the symbol is named twice"));
  EXPECT_THAT(refusal({""}, 1), HasSubstr("--user-defined-symbols '': a symbol needs a character"));
  EXPECT_THAT(refusal({"[MASK]"}, 1), HasSubstr("--user-defined-symbols '[MASK]': a special token"));
  EXPECT_THAT(refusal({"\u2581"}, 1), HasSubstr("the mark of a word's beginning")) << "which ended the program";
  EXPECT_THAT(refusal({"\x85"}, 1), HasSubstr("expected text in UTF-8"));
  for (const double coverage : {0.0, 0.979, 1.001}) {
    EXPECT_THAT(refusal({"x"}, coverage), HasSubstr("expected a number from 0.98 to 1"));
  }
  TrainerSettings settings = small_settings();
  settings.character_coverage = kMinCharacterCoverage;
  EXPECT_NO_THROW(train(lines, settings));
}

TEST(Trainer, SymbolsAreFoundAsTheyStand) {
  std::vector<std::string> lines = make_lines(400, 21);
  for (std::size_t i = 0; i < lines.size(); i += 3) lines[i] += " <INTEGER> and an\u00a0hour";
  TrainerSettings settings = small_settings();
  settings.user_defined_symbols = {"<INTEGER>", "\u00c9", "an\u00a0hour", "("};
  const auto tokenizer = train(lines, settings);
  std::vector<std::string> pieces;
  for (const Piece& piece : tokenizer->encode_with_offsets("<INTEGER>\u00c9(an\u00a0hour", SpecialTokens::kAsText)) {
    pieces.emplace_back(tokenizer->piece(piece.id));
  }
  EXPECT_THAT(pieces, ::testing::ElementsAre("<INTEGER>", "\u00c9", "\u2581", "(", "an\u00a0hour"));
  for (std::int32_t id = 9; id < tokenizer->vocabulary_size(); ++id) {
    EXPECT_THAT(std::string(tokenizer->piece(id)), Not(HasSubstr("integ")));  // nothing is learnt of a symbol
  }
  // It is the same whatever it is opened from.
  const albert::testing::TemporaryFolder folder;
  tokenizer->save(folder.path());
  EXPECT_EQ(Tokenizer::open(folder.path())->fingerprint(), tokenizer->fingerprint());
  EXPECT_EQ(Tokenizer::open(folder / "spiece.model")->fingerprint(), tokenizer->fingerprint());
  std::filesystem::remove(folder / "spiece.model");
  EXPECT_EQ(Tokenizer::open(folder.path())->fingerprint(), tokenizer->fingerprint());
}

TEST(Trainer, NoTextIsAnError) {
  EXPECT_THROW(train({}, small_settings()), DataError);
  EXPECT_THROW(train({"", "  ", "\u0301"}, small_settings()), DataError);
}

TEST(Trainer, LongLinesAreUsed) {
  std::string joined;
  for (const std::string& line : make_lines(400, 21)) joined += line + " ";
  // SentencePiece by itself leaves out a line of this length, and would be left with the letter.
  ASSERT_GT(joined.size(), 10000u);
  const auto tokenizer = train({joined, "a"}, small_settings());
  EXPECT_EQ(tokenizer->vocabulary_size(), 200);
}

TEST(LineSample, IsTheStreamWhenItFits) {
  LineSample sample(1, 10, 1 << 20);
  for (const char* line : {"a", "b", "c"}) sample.add(line);
  EXPECT_THAT(sample.take(), ::testing::ElementsAre("a", "b", "c"));
}

TEST(LineSample, IsBoundedAndUniform) {
  std::vector<int> chosen(100);
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    LineSample sample(seed, 10, 1 << 20);
    for (int i = 0; i < 100; ++i) sample.add(std::to_string(i));
    EXPECT_EQ(sample.lines_seen(), 100u);
    const auto lines = sample.take();
    ASSERT_EQ(lines.size(), 10u);
    for (const std::string& line : lines) ++chosen[static_cast<std::size_t>(std::stoi(line))];
  }
  // 40 expected each, with a standard deviation of 6.
  for (const int count : chosen) EXPECT_NEAR(count, 40, 30);
  LineSample bytes(1, 1000, 4096);
  for (int i = 0; i < 1000; ++i) bytes.add(std::string(100, 'x'));
  EXPECT_GT(bytes.size(), 10u);
  EXPECT_LT(bytes.size() * 100, 4096u);
}

TEST(WordStart, FollowsGooglesRule) {
  for (const char* start :
       {"\u2581the", "\u2581", "<unk>", ".", "2000", "\u00e9", "caf\u00e9", "'", "=", ">", "\u2013", "\u00a3"}) {
    EXPECT_TRUE(piece_starts_word(start)) << start;
  }
  for (const char* inside : {"s", "ing", "Ing", "a-b", "[CLS]"}) EXPECT_FALSE(piece_starts_word(inside)) << inside;
}

}  // namespace
}  // namespace albert::text
