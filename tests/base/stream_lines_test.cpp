#include "base/stream_lines.h"

#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "support/pipe.h"
#include "support/refusal.h"

namespace albert {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::Pipe;

TEST(StreamLines, HandsOutLinesWithTheirNumbers) {
  Pipe pipe("\xef\xbb\xbfone\ntwo\r\n\nlast");
  StreamLines lines(pipe.reading());
  EXPECT_EQ(lines.next(), "one");
  EXPECT_EQ(lines.next(), "two");
  EXPECT_EQ(lines.number(), 2);
  EXPECT_EQ(lines.next(), "");
  EXPECT_EQ(lines.next(), "last");
  EXPECT_EQ(lines.number(), 4);
  EXPECT_EQ(lines.next(), std::nullopt);
}

/// All lines of a stream, each with a "|" behind it.
std::string lines_of(const std::string& text) {
  Pipe pipe(text);
  StreamLines lines(pipe.reading());
  std::string joined;
  while (const auto line = lines.next()) joined += *line + "|";
  return joined;
}

TEST(StreamLines, TheFirstLineTellsHowLinesEnd) {
  EXPECT_EQ(lines_of("old\rmac\r\rlast\r"), "old|mac||last|");
  EXPECT_EQ(lines_of("one\r"), "one|");
  EXPECT_EQ(lines_of("dos\r\n\r\nunix\ntwice\r\r\nlast\r"), "dos||unix|twice|last|");
  EXPECT_EQ(lines_of("twice\r\r\nconverted\r\r\n"), "twice|converted|");
  EXPECT_EQ(lines_of("unix\nwith\rin it\n"), "unix|with\rin it|");
  EXPECT_THAT(testing::refusal<DataError>([] { lines_of("mac\rand\runix\nmixed\n"); }),
              AllOf(HasSubstr("standard input:3"), HasSubstr("carriage returns alone")));
}

TEST(StreamLines, ALineEndMayComeInParts) {
  Pipe pipe;
  StreamLines lines(pipe.reading());
  pipe.write("one\r");
  EXPECT_TRUE(lines.ready());
  EXPECT_EQ(lines.next(), "one");
  pipe.write("\n");
  EXPECT_FALSE(lines.ready());
  pipe.write("two\r");
  EXPECT_FALSE(lines.ready());
  pipe.write("\n");
  EXPECT_EQ(lines.next(), "two");
  pipe.close();
  EXPECT_EQ(lines.next(), std::nullopt);
}

TEST(StreamLines, AnEndWithTwoCarriageReturnsMayComeInParts) {
  Pipe pipe;
  StreamLines lines(pipe.reading());
  pipe.write("one\r\r");
  EXPECT_EQ(lines.next(), "one");
  EXPECT_FALSE(lines.ready());
  pipe.write("\ntwo\r\r\n");
  EXPECT_TRUE(lines.ready());
  EXPECT_EQ(lines.next(), "two");
  EXPECT_FALSE(lines.ready());
}

TEST(StreamLines, ALineThatIsPutBackIsHandedOutAgain) {
  Pipe pipe("one\ntwo\n");
  StreamLines lines(pipe.reading());
  lines.put_back(*lines.next());
  EXPECT_TRUE(lines.ready());
  EXPECT_EQ(lines.next(), "one");
  EXPECT_EQ(lines.number(), 1);
  EXPECT_EQ(lines.next(), "two");
}

TEST(StreamLines, KnowsWhetherALineIsThere) {
  Pipe pipe;
  StreamLines lines(pipe.reading());
  EXPECT_FALSE(lines.ready());
  pipe.write("half");
  EXPECT_FALSE(lines.ready());
  pipe.write(" and half\n");
  EXPECT_TRUE(lines.ready());
  EXPECT_EQ(lines.next(), "half and half");
  EXPECT_FALSE(lines.ready());
  pipe.close();
  EXPECT_TRUE(lines.ready());
  EXPECT_EQ(lines.next(), std::nullopt);
}

TEST(StreamLines, ALineThatIsTooLongIsNotReadWhole) {
  Pipe pipe;
  StreamLines lines(pipe.reading(), 8);
  pipe.write("12345678\n123456789");
  EXPECT_EQ(lines.next(), "12345678");
  const auto is_refused = AllOf(HasSubstr("standard input:2"), HasSubstr("at most 8 bytes"));
  EXPECT_THAT(testing::refusal<DataError>([&] { lines.ready(); }), is_refused);
  EXPECT_THAT(testing::refusal<DataError>([&] { lines.next(); }), is_refused);
  pipe.write(std::string(1000, 'x'));
  EXPECT_THAT(testing::refusal<DataError>([&] { lines.ready(); }), is_refused);
  pipe.close();
  std::array<char, 2000> left{};
  EXPECT_EQ(::read(pipe.reading(), left.data(), left.size()), 1000);
}

TEST(StreamLines, ALineMayBeLongerThanAnyBuffer) {
  const std::string line(1'000'000, 'x');
  Pipe pipe;
  StreamLines lines(pipe.reading());
  std::thread writer([&] {
    pipe.write(line + "\nnext\n");
    pipe.close();
  });
  EXPECT_EQ(lines.next(), line);
  EXPECT_EQ(lines.next(), "next");
  writer.join();
}

}  // namespace
}  // namespace albert
