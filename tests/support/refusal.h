#pragma once

#include <string>

#include <gtest/gtest.h>

namespace albert::testing {

/// The message of the error of a class that an action ends with; empty if it ends with none.
template <typename Error, typename Action>
std::string error_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

/// The same where an error is expected: fails the test if there is none.
///
///     EXPECT_THAT(refusal<DataError>([&] { read_choices(file); }), HasSubstr("expected 2 to 26 choices"));
template <typename Error, typename Action>
std::string refusal(const Action& action) {
  const std::string message = error_of<Error>(action);
  EXPECT_NE(message, "") << "expected a refusal, found none";
  return message;
}

}  // namespace albert::testing
