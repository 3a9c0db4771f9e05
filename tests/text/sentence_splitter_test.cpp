#include "text/sentence_splitter.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/refusal.h"
#include "text/whitespace.h"

namespace albert::text {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> split(std::string_view language, std::string_view paragraph) {
  SentenceSplitter splitter(language);
  std::vector<std::string_view> views;
  splitter.split(paragraph, views);
  return {views.begin(), views.end()};
}

TEST(SentenceSplitter, SplitsAtTerminatorsAndTrims) {
  EXPECT_THAT(split("en", "  It rained.  We stayed!\tDid you? Yes... Perhaps. "),
              ElementsAre("It rained.", "We stayed!", "Did you?", "Yes...", "Perhaps."));
  EXPECT_THAT(split("en", "It costs 3.50 at example.com today"), ElementsAre("It costs 3.50 at example.com today"));
  EXPECT_THAT(split("en", " \t "), ElementsAre());
  EXPECT_THAT(split("en", ""), ElementsAre());
}

TEST(SentenceSplitter, KeepsAbbreviationsAndInitials) {
  EXPECT_THAT(split("en", "Mr. Bennet met Dr. Who. J. R. R. Tolkien and (St. John) came."),
              ElementsAre("Mr. Bennet met Dr. Who.", "J. R. R. Tolkien and (St. John) came."));
  EXPECT_THAT(split("de", "Das ist z. B. Unsinn. Am 3. Oktober kam Dr. Meier. Im Jahr 1990. Dann ging er."),
              ElementsAre("Das ist z. B. Unsinn.", "Am 3. Oktober kam Dr. Meier.", "Im Jahr 1990.", "Dann ging er."));
  EXPECT_THAT(split("en", "He was 3. Then he left."), ElementsAre("He was 3.", "Then he left."));
}

// What ICU's own filter gets wrong: it finds "r." and "pp." within longer words.
TEST(SentenceSplitter, TheEndOfAWordIsNoAbbreviation) {
  EXPECT_THAT(split("de", "Er kam zu seiner Mutter. Dann ging er."),
              ElementsAre("Er kam zu seiner Mutter.", "Dann ging er."));
  EXPECT_THAT(split("en", "He used the app. Then he left. Go. Now!"),
              ElementsAre("He used the app.", "Then he left.", "Go.", "Now!"));
}

TEST(SentenceSplitter, DirectSpeechGoesOn) {
  EXPECT_THAT(split("en", "“Who?” cried his wife. “Bingley!” He laughed. \"What?\" (said she)."),
              ElementsAre("“Who?” cried his wife.", "“Bingley!”", "He laughed.", "\"What?\"", "(said she)."));
}

TEST(SentenceSplitter, OtherScripts) {
  EXPECT_THAT(split("zh", "今天下雨。我们在家！你呢？“好。”他说"),
              ElementsAre("今天下雨。", "我们在家！", "你呢？", "“好。”", "他说"));
  EXPECT_THAT(split("ja", "雨です。　家にいます。"), ElementsAre("雨です。", "家にいます。"));
  EXPECT_THAT(split("hi", "यह एक है। वह दो है।"), ElementsAre("यह एक है।", "वह दो है।"));
  EXPECT_THAT(split("el", "Τι κάνεις; Καλά."), ElementsAre("Τι κάνεις;", "Καλά."));
}

TEST(SentenceSplitter, ParagraphSeparatorsAlwaysSplit) {
  EXPECT_THAT(split("en", "Mr.\u2029Bennet"), ElementsAre("Mr.", "Bennet"));
  EXPECT_THAT(split("en", "one\ntwo"), ElementsAre("one", "two"));
}

TEST(SentenceSplitter, LanguageTags) {
  EXPECT_NO_THROW(SentenceSplitter("en-GB"));
  EXPECT_NO_THROW(SentenceSplitter("zh-Hant"));
  for (const std::string wrong : {"xx", "english", "", "e n"}) {
    try {
      SentenceSplitter splitter(wrong);
      FAIL() << "no error for '" << wrong << "'";
    } catch (const UsageError& error) {
      EXPECT_THAT(error.what(), HasSubstr("unknown language '" + wrong + "'"));
      EXPECT_THAT(error.what(), HasSubstr("such as en, "));
    }
  }
}

TEST(SentenceSplitter, ALanguageThatIsWrittenAnotherWayIsGuessed) {
  for (const auto& [written, guess] : {std::pair("chinese", "'zh' (Chinese)"),
                                       {"Chinese", "'zh' (Chinese)"},
                                       {"cn", "'zh' (Chinese)"},
                                       {"CN", "'zh' (Chinese)"},
                                       {"jp", "'ja' (Japanese)"},
                                       {"German", "'de' (German)"},
                                       {"dk", "'da' (Danish)"}}) {
    EXPECT_THAT(albert::testing::refusal<UsageError>([&] { SentenceSplitter{written}; }),
                HasSubstr("is it " + std::string(guess) + "?"));
  }
  EXPECT_THAT(albert::testing::refusal<UsageError>([&] { SentenceSplitter{"xx"}; }), Not(HasSubstr("is it")));
}

TEST(Trim, RemovesUnicodeWhiteSpaceAtTheEnds) {
  EXPECT_EQ(trim(" \t\u3000a b\u00a0\r\n"), "a b");
  EXPECT_EQ(trim("\u3000\u2003"), "");
  EXPECT_EQ(trim("力加"), "力加");
  EXPECT_EQ(trim("\x80"), "\x80");
  EXPECT_EQ(trim_right(" a "), " a");
}

}  // namespace
}  // namespace albert::text
