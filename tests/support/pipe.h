#pragma once

#include <array>
#include <string_view>

#include <gtest/gtest.h>
#include <unistd.h>

namespace albert::testing {

/// A pipe whose writing end the test feeds: with less than 64 KiB, unless somebody reads.
class Pipe {
 public:
  Pipe() { EXPECT_EQ(::pipe(ends_.data()), 0); }
  /// Holds a text, and ends behind it.
  explicit Pipe(std::string_view text) : Pipe() {
    write(text);
    close();
  }
  ~Pipe() {
    ::close(ends_[0]);
    close();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void write(std::string_view text) const {
    EXPECT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void close() {
    if (is_open_) ::close(ends_[1]);
    is_open_ = false;
  }
  int reading() const { return ends_[0]; }

 private:
  std::array<int, 2> ends_{};
  bool is_open_ = true;
};

}  // namespace albert::testing
