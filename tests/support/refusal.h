#pragma once

#include <string>

#include <gtest/gtest.h>

namespace albert::testing {

/// The message of the error that an action is refused with; fails the test where it is refused with none of this class.
///
///     EXPECT_THAT(refusal<DataError>([&] { read_choices(file); }), HasSubstr("expected 2 to 26 choices"));
template <typename Error, typename Action>
std::string refusal(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  ADD_FAILURE() << "expected a refusal, found none";
  return {};
}

}  // namespace albert::testing
