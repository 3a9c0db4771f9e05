#include "corpus/reading/line_reader.h"

#include <algorithm>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace albert::corpus {
namespace {

using ::testing::ElementsAre;

/// A text in memory, given out in small parts.
class TextSource : public ByteSource {
 public:
  TextSource(std::string text, std::size_t part) : text_(std::move(text)), part_(part) {}

  std::size_t read(char* data, std::size_t size) override {
    const std::size_t n = std::min({size, part_, text_.size() - done_});
    std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(done_), n, data);
    done_ += n;
    return n;
  }
  std::uint64_t bytes_read() const override { return done_; }

 private:
  std::string text_;
  std::size_t part_;
  std::size_t done_ = 0;
};

struct Piece {
  std::string bytes;
  std::uint64_t number;
  std::uint64_t offset;
  bool operator==(const Piece&) const = default;
};

std::vector<Piece> pieces_of(const std::string& text, std::size_t part) {
  LineReader reader(std::make_unique<TextSource>(text, part));
  std::vector<Piece> pieces;
  while (const std::optional<LinePiece> piece = reader.next()) {
    pieces.push_back({std::string(piece->bytes), piece->number, piece->offset});
  }
  EXPECT_EQ(reader.text_bytes(), text.size());
  return pieces;
}

TEST(LineReader, NumbersLinesAndKnowsTheirOffsets) {
  for (const std::size_t part : {1, 2, 3, 100}) {
    EXPECT_THAT(
        pieces_of("one\ntwo\r\n\n\r\nlast", part),
        ElementsAre(Piece{"one", 1, 0}, Piece{"two", 2, 4}, Piece{"", 3, 9}, Piece{"", 4, 10}, Piece{"last", 5, 12}));
    EXPECT_THAT(pieces_of("ended\n", part), ElementsAre(Piece{"ended", 1, 0}));
    EXPECT_THAT(pieces_of("", part), ElementsAre());
    EXPECT_THAT(pieces_of("\xef\xbb\xbfmarked\n", part), ElementsAre(Piece{"marked", 1, 3}));
    EXPECT_THAT(pieces_of("\xef\xbb", part), ElementsAre(Piece{"\xef\xbb", 1, 0}));
  }
}

TEST(LineReader, TakesEveryKindOfLineEnd) {
  for (const std::size_t part : {1, 2, 3, 100}) {
    EXPECT_THAT(pieces_of("old\rmac\r\rtwice\r\r\ndos\r\nunix\nlast\r", part),
                ElementsAre(Piece{"old", 1, 0}, Piece{"mac", 2, 4}, Piece{"", 3, 8}, Piece{"twice", 4, 9},
                            Piece{"dos", 5, 17}, Piece{"unix", 6, 22}, Piece{"last", 7, 27}));
  }
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "line\r";
  EXPECT_EQ(pieces_of(text, text.size()).size(), 200'000u);
}

TEST(LineReader, TheHeadIsStillGivenOut) {
  const std::string text = "\xef\xbb\xbfone\r\ntwo" + std::string(100'000, 'x');
  LineReader reader(std::make_unique<TextSource>(text, 1000));
  EXPECT_GE(reader.head().bytes.size(), Head::kBytes);
  EXPECT_TRUE(reader.head().bytes.starts_with("one\r\ntwo"));
  EXPECT_FALSE(reader.head().is_all);
  EXPECT_EQ(reader.next()->bytes, "one");
  LineReader short_reader(std::make_unique<TextSource>("short", 2));
  EXPECT_TRUE(short_reader.head().is_all);
  EXPECT_EQ(short_reader.next()->bytes, "short");
}

TEST(LineReader, ALongLineComesInPiecesCutBetweenCharacters) {
  std::string line;
  while (line.size() < 3 * LineReader::kMaxPieceBytes) line += "北";  // 3 bytes: no multiple of the piece's size
  for (const std::size_t part : {std::size_t{7777}, line.size()}) {
    LineReader reader(std::make_unique<TextSource>("a\n" + line + "\nb", part));
    EXPECT_EQ(reader.next()->bytes, "a");
    std::string joined;
    std::optional<LinePiece> piece;
    for (bool begins = true; !piece || !piece->ends; begins = false) {
      piece = reader.next();
      EXPECT_EQ(piece->begins, begins);
      EXPECT_EQ(piece->number, 2u);
      EXPECT_EQ(piece->offset, 2 + joined.size());
      EXPECT_LE(piece->bytes.size(), LineReader::kMaxPieceBytes);
      EXPECT_EQ(piece->bytes.size() % 3, 0u);
      joined += piece->bytes;
    }
    EXPECT_EQ(joined, line);
    EXPECT_EQ(reader.next()->bytes, "b");
    EXPECT_FALSE(reader.next());
  }
}

TEST(LineReader, PiecesDoNotDependOnWhereTheLineLies) {
  const std::string line(2 * LineReader::kMaxPieceBytes + 5, 'x');
  for (const std::size_t before : {0, 1, 70'000, 200'000}) {
    LineReader reader(std::make_unique<TextSource>(std::string(before, 'y') + "\n" + line, 100'000));
    reader.next();
    EXPECT_EQ(reader.next()->bytes.size(), LineReader::kMaxPieceBytes);
    EXPECT_EQ(reader.next()->bytes.size(), LineReader::kMaxPieceBytes);
    EXPECT_EQ(reader.next()->bytes.size(), 5u);
  }
}

}  // namespace
}  // namespace albert::corpus
