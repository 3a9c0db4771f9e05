#include "inference/line_source.h"

#include <array>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

namespace albert::inference {
namespace {

/// A pipe whose writing end the test feeds.
class Pipe {
 public:
  Pipe() { EXPECT_EQ(::pipe(ends_.data()), 0); }
  ~Pipe() {
    ::close(ends_[0]);
    close();
  }
  void write(const std::string& text) {
    EXPECT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void close() {
    if (open_) ::close(ends_[1]);
    open_ = false;
  }
  int reading() const { return ends_[0]; }

 private:
  std::array<int, 2> ends_{};
  bool open_ = true;
};

TEST(LineSource, HandsOutLinesWithTheirNumbers) {
  Pipe pipe;
  pipe.write("\xef\xbb\xbfone\ntwo\r\n\nlast");
  pipe.close();
  LineSource lines(pipe.reading());
  EXPECT_EQ(lines.next(), "one");
  EXPECT_EQ(lines.next(), "two");
  EXPECT_EQ(lines.place().line, 2);
  EXPECT_EQ(lines.next(), "");
  EXPECT_EQ(lines.next(), "last");
  EXPECT_EQ(lines.place().line, 4);
  EXPECT_EQ(lines.next(), std::nullopt);
}

TEST(LineSource, TakesEveryKindOfLineEnd) {
  Pipe pipe;
  pipe.write("old\rmac\r\rtwice\r\r\ndos\r\nunix\nlast\r");
  pipe.close();
  LineSource lines(pipe.reading());
  std::string joined;
  while (const auto line = lines.next()) joined += *line + "|";
  EXPECT_EQ(joined, "old|mac||twice|dos|unix|last|");
}

TEST(LineSource, ALineEndMayComeInParts) {
  Pipe pipe;
  LineSource lines(pipe.reading());
  for (const std::string line : {"one", "two"}) {
    pipe.write(line + "\r");
    EXPECT_TRUE(lines.ready());
    EXPECT_EQ(lines.next(), line);
    pipe.write("\n");
    EXPECT_FALSE(lines.ready());
  }
  pipe.close();
  EXPECT_EQ(lines.next(), std::nullopt);
}

TEST(LineSource, ALineThatIsPutBackIsHandedOutAgain) {
  Pipe pipe;
  pipe.write("one\ntwo\n");
  pipe.close();
  LineSource lines(pipe.reading());
  lines.put_back(*lines.next());
  EXPECT_TRUE(lines.ready());
  EXPECT_EQ(lines.next(), "one");
  EXPECT_EQ(lines.place().line, 1);
  EXPECT_EQ(lines.next(), "two");
}

TEST(LineSource, KnowsWhetherALineIsThere) {
  Pipe pipe;
  LineSource lines(pipe.reading());
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

TEST(LineSource, ALineMayBeLongerThanAnyBuffer) {
  const std::string line(1'000'000, 'x');
  Pipe pipe;
  LineSource lines(pipe.reading());
  std::thread writer([&] {
    pipe.write(line + "\nnext\n");
    pipe.close();
  });
  EXPECT_EQ(lines.next(), line);
  EXPECT_EQ(lines.next(), "next");
  writer.join();
}

}  // namespace
}  // namespace albert::inference
