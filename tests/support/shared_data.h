#pragma once

#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

namespace albert::testing {

/// A test of real files: those of the folder that ALBERT_SHARED_DATA names. Skipped where it names none; that they are
/// not there is a failure.
class SharedData : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("ALBERT_SHARED_DATA");
    if (!folder) GTEST_SKIP() << "ALBERT_SHARED_DATA does not name a folder with the real data";
    data_ = std::filesystem::path(folder) / "data";
    ASSERT_TRUE(std::filesystem::is_directory(data_)) << data_ << " is not there";
  }

  std::filesystem::path data_;
};

}  // namespace albert::testing
