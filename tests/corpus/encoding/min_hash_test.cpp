#include "corpus/encoding/min_hash.h"

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"

namespace albert::corpus {
namespace {

using Words = std::vector<std::string>;

std::string text_of(const Words& words, const std::string& separator = " ") {
  std::string text;
  for (const std::string& word : words) text += word + separator;
  return text;
}

Words random_words(std::uint64_t key, std::size_t count) {
  Random random(key, 1);
  Words words;
  for (std::size_t i = 0; i < count; ++i) words.push_back("w" + std::to_string(random.below(5000)));
  return words;
}

double estimate(const std::string& a, const std::string& b) {
  return static_cast<double>(num_equal_values(min_hash_of(a).signature(), min_hash_of(b).signature())) /
         kSignatureValues;
}

/// The Jaccard similarity of the sets of 5-grams.
double exact_similarity(const Words& a, const Words& b) {
  const auto grams = [](const Words& words) {
    std::set<Words> set;
    for (std::size_t i = 0; i + 5 <= words.size(); ++i)
      set.insert(
          Words(words.begin() + static_cast<std::ptrdiff_t>(i), words.begin() + static_cast<std::ptrdiff_t>(i) + 5));
    return set;
  };
  const std::set<Words> x = grams(a);
  const std::set<Words> y = grams(b);
  std::size_t common = 0;
  for (const Words& gram : x) common += y.count(gram);
  return static_cast<double>(common) / static_cast<double>(x.size() + y.size() - common);
}

TEST(MinHash, EstimatesTheSimilarity) {
  for (const std::size_t size : {12, 40, 150, 3000}) {
    double error = 0;
    double squares = 0;
    int count = 0;
    for (std::uint64_t key = 0; key < 40; ++key, ++count) {
      const Words words = random_words(key, size);
      Words changed = words;
      changed.resize(size - size / 20);  // without the last twentieth
      changed[size / 2] = "other";
      const double difference = estimate(text_of(words), text_of(changed)) - exact_similarity(words, changed);
      error += difference;
      squares += difference * difference;
    }
    EXPECT_NEAR(error / count, 0, 0.04) << size;  // in the mean, it is not biased
    // 120 values that do not depend on one another have 0.037; half as many would have 0.052. Fewer n-grams than values
    // say less.
    if (size >= 150) {
      EXPECT_LT(std::sqrt(squares / count), 0.045) << size;
    }
  }
}

TEST(MinHash, SeesWordsAlone) {
  EXPECT_EQ(estimate("It is a truth, universally acknowledged!", "it  is A truth\nuniversally \"acknowledged\""), 1);
  EXPECT_EQ(estimate("Ärger über Öl und Ähren im Übermut", "ÄRGER ÜBER ÖL UND ÄHREN IM ÜBERMUT"), 1);
  EXPECT_LT(estimate(text_of(random_words(1, 300)), text_of(random_words(2, 300))), 0.1);
}

TEST(MinHash, ALetterOfAWritingWithoutSpacesIsAWord) {
  const double similarity =
      estimate("北京是中华人民共和国的首都也是一座历史悠久的城市", "北京是中华人民共和国的首都也是一座历史悠久的古城");
  EXPECT_GT(similarity, 0.5);
  EXPECT_LT(similarity, 1);
}

TEST(MinHash, FewWordsAreOneNGram) {
  EXPECT_TRUE(min_hash_of("... !? \n").is_empty());
  EXPECT_EQ(estimate("Thank you", "thank you."), 1);
  EXPECT_EQ(estimate("Thank you", "thank me"), 0);
}

TEST(MinHash, OfPartsIsThatOfTheWholeButForWhatReachesOverTheBorder) {
  const Words words = random_words(3, 500);
  const Words more = random_words(4, 500);
  MinHash parts = min_hash_of(text_of(words));
  parts.add(min_hash_of(text_of(more)));
  MinHash other = min_hash_of(text_of(more));
  other.add(min_hash_of(text_of(words)));
  EXPECT_EQ(parts.signature(), other.signature());
  EXPECT_NE(parts.signature(), min_hash_of(text_of(words)).signature());
  // Of 996 n-grams, 4 reach over the border.
  const std::uint32_t num_equal =
      num_equal_values(parts.signature(), min_hash_of(text_of(words) + text_of(more)).signature());
  EXPECT_GE(num_equal, kSignatureValues - 4);
}

}  // namespace
}  // namespace albert::corpus
