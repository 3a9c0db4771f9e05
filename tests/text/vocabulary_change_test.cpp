#include "text/vocabulary_change.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "support/refusal.h"
#include "support/temporary_folder.h"
#include "text/extended_tokenizer.h"
#include "text/sentencepiece_model.h"
#include "text/small_vocabulary.h"
#include "text/wordpiece_tokenizer.h"

namespace albert::text {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::make_lines;
using testing::small_vocabulary;
using Words = std::vector<std::string>;

std::shared_ptr<const VocabularyTokenizer> wordpiece(const std::string& pieces) {
  const std::string special = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
  return std::make_shared<WordPieceTokenizer>(WordPieceVocabulary::parse(special + pieces, "vocab.txt"),
                                              WordPieceSettings{});
}

std::string pieces_of(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<std::int32_t> ids;
  tokenizer.encode(text, ids);
  std::string pieces;
  for (const std::int32_t id : ids) pieces += (pieces.empty() ? "" : " ") + std::string(tokenizer.piece(id));
  return pieces;
}

std::vector<std::int32_t> ids_of(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<std::int32_t> ids;
  tokenizer.encode(text, ids);
  return ids;
}

TEST(ExtendVocabulary, WordsBecomePiecesBehindTheOthers) {
  const auto before = wordpiece("a\n##b\nc\n##d\n");
  const auto change = extend_vocabulary(*before, Words{"abb", "cdb"});
  EXPECT_EQ(pieces_of(*change.tokenizer, "abb cdb abbd ab"), "abb cdb abb ##d a ##b");
  EXPECT_EQ(change.tokenizer->vocabulary_size(), 11);
  EXPECT_THAT(change.rows[9], ElementsAre(5, 6, 6));
  EXPECT_THAT(change.rows[10], ElementsAre(7, 8, 6));
  EXPECT_THAT(change.rows[6], ElementsAre(6));
  EXPECT_EQ(change.num_from_pieces, 2);
  EXPECT_TRUE(change.keeps_ids);
}

TEST(ExtendVocabulary, AWordOfUnknownCharactersStartsFromAll) {
  const auto change = extend_vocabulary(*wordpiece("a\n"), Words{"xyz"});
  EXPECT_THAT(change.rows[6], IsEmpty());
  EXPECT_EQ(change.num_from_all, 1);
}

TEST(ExtendVocabulary, NewPiecesOfSentencePieceChangeNothingElse) {
  const auto before = small_vocabulary();
  // One begins with another, and "zz" is no sequence of the text that the vocabulary was trained on.
  const Words words = {"\u2581bakiwozanlor", "\u2581bakiwo", "\u2581zzz", "\u2581kiper19"};
  const auto change = extend_vocabulary(*before, words);
  EXPECT_THAT(change.left_out, IsEmpty());
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string text = words[i].substr(3);
    const auto id = before->vocabulary_size() + static_cast<std::int32_t>(i);
    EXPECT_THAT(ids_of(*change.tokenizer, text), ElementsAre(id)) << text;
    EXPECT_EQ(change.rows[static_cast<std::size_t>(id)], ids_of(*before, text)) << text;
  }
  for (const std::string& line : make_lines(500, 3)) {
    if (line.find("bakiwo") != std::string::npos) continue;
    EXPECT_EQ(ids_of(*change.tokenizer, line), ids_of(*before, line)) << line;
  }
}

TEST(ExtendVocabulary, TheFileOfSentencePieceKeepsAllElse) {
  const albert::testing::TemporaryFolder folder;
  small_vocabulary()->save(folder / "before");
  extend_vocabulary(*small_vocabulary(), Words{"\u2581bakiwo"}).tokenizer->save(folder / "after");
  const auto before = SentencePieceModel::parse(read_file(folder / "before/spiece.model"), "before");
  const auto after = SentencePieceModel::parse(read_file(folder / "after/spiece.model"), "after");
  ASSERT_EQ(after.pieces.size(), before.pieces.size() + 1);
  EXPECT_EQ(after.charsmap, before.charsmap);
  EXPECT_EQ(after.pieces.back().type, PieceType::kNormal);
  for (std::size_t id = 0; id < before.pieces.size(); ++id) {
    EXPECT_EQ(after.pieces[id].text, before.pieces[id].text);
    EXPECT_EQ(after.pieces[id].score, before.pieces[id].score);
    EXPECT_EQ(after.pieces[id].type, before.pieces[id].type);
  }
  EXPECT_EQ(ids_of(*Tokenizer::open(folder / "after"), "bakiwo").size(), 1U);
}

TEST(ExtendVocabulary, WhatIsNeverFoundIsLeftOut) {
  // Google's rule cuts it before the comma.
  const auto change = extend_vocabulary(*small_vocabulary(), Words{"\u2581bakiwo", "\u2581bakiwo19,"});
  EXPECT_THAT(change.left_out, ElementsAre("bakiwo19,"));
  EXPECT_EQ(change.tokenizer->vocabulary_size(), small_vocabulary()->vocabulary_size() + 1);
}

TEST(ExtendVocabulary, AddedTokensBehindThePiecesLeaveNoRoom) {
  const auto before = with_added_tokens(wordpiece("a\n##b\n"), {{.content = "[E1]", .id = 7}});
  const auto refusal = albert::testing::refusal<ModelError>([&] { extend_vocabulary(*before, Words{"ab"}); });
  EXPECT_THAT(refusal, HasSubstr("('[E1]') have the ids 7 to 7"));
}

TEST(ExtendVocabulary, AddedTokensAmongThePiecesStay) {
  const auto before = with_added_tokens(wordpiece("a\n##b\n[E1]\n"), {{.content = "[E1]", .id = 7}});
  const auto change = extend_vocabulary(*before, Words{"ab"});
  EXPECT_EQ(pieces_of(*change.tokenizer, "ab[E1]a"), "ab [E1] a");
}

TEST(ReplaceVocabulary, PiecesOfBothKeepTheirRows) {
  const auto before = wordpiece("old\n##er\n,\nmi\n##ll\n");
  const auto after = wordpiece("##er\nmill\nolder\n,\n##ll\n\u2603\nOld\n##milles\n");
  const auto change = replace_vocabulary(*before, after);
  EXPECT_FALSE(change.keeps_ids);
  EXPECT_THAT(change.rows[0], ElementsAre(0));
  EXPECT_THAT(change.rows[5], ElementsAre(6));     // ##er
  EXPECT_THAT(change.rows[6], ElementsAre(8, 9));  // mill
  EXPECT_THAT(change.rows[7], ElementsAre(5, 6));  // older
  EXPECT_THAT(change.rows[8], ElementsAre(7));     // ,
  EXPECT_THAT(change.rows[10], IsEmpty());         // unknown
  EXPECT_THAT(change.rows[11], ElementsAre(5));    // as its text is lower-cased
  EXPECT_THAT(change.rows[12], IsEmpty());         // "##mi" is no piece
  EXPECT_EQ(change.num_kept, 8);
  EXPECT_EQ(change.num_from_pieces, 3);
  EXPECT_EQ(change.num_from_all, 2);
}

TEST(ReplaceVocabulary, MarksOfWordsAreTranslated) {
  const auto& before = *small_vocabulary();
  const auto id_of = [&](std::string_view piece) {
    std::int32_t id = 0;
    while (before.piece(id) != piece) ++id;
    return id;
  };
  const auto change = replace_vocabulary(before, wordpiece("##i\n,\n##bakiwo\nbakiwo\n"));
  EXPECT_THAT(change.rows[0], ElementsAre(before.special().pad));
  EXPECT_THAT(change.rows[2], ElementsAre(before.special().cls));
  EXPECT_THAT(change.rows[5], ElementsAre(id_of("i")));
  EXPECT_THAT(change.rows[6], ElementsAre(id_of(",")));  // not "\u2581,": signs stand with the words before them
  EXPECT_EQ(before.piece(change.rows[7].front()).find("\u2581"), std::string::npos);
  EXPECT_EQ(change.rows[8], ids_of(before, "bakiwo"));
}

}  // namespace
}  // namespace albert::text
