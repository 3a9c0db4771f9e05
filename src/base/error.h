#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>

#include <spdlog/fmt/fmt.h>

namespace albert {

/// What the process returns to its caller; one value per class of failure.
enum class ExitCode : int {
  kUsage = 2,      ///< command line or configuration
  kData = 3,       ///< text, corpus or data set
  kModel = 4,      ///< checkpoint, model folder or tokenizer
  kIo = 5,         ///< the operating system refused: disk full, no permission, missing file
  kNumerical = 6,  ///< NaN or Inf where a number was needed
  kRanks = 7,      ///< of several processes that train together one was lost, or they do not find each other
  kInternal = 70,  ///< a defect of this program
};

/// Base of every exception of the project. A message says what failed, where (file:line, offset, key), what was
/// expected, what was found, and what to do about it. Library code throws; only main() turns an error into an exit
/// code.
class Error : public std::runtime_error {
 public:
  /// \param message of which each line but the first begins with a space: other ends of lines are shown as escapes. It
  ///     may quote files of others: of a line that is longer than people read, the middle is left out
  Error(ExitCode code, const std::string& message);
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

/// An error of one class: thrown as `throw DataError("{}:{}: expected ...", file, line)`.
template <ExitCode kCode>
class ErrorOf : public Error {
 public:
  template <typename... Args>
  explicit ErrorOf(fmt::format_string<Args...> format, Args&&... args)
      : Error(kCode, fmt::format(format, std::forward<Args>(args)...)) {}
};

using UsageError = ErrorOf<ExitCode::kUsage>;
using DataError = ErrorOf<ExitCode::kData>;
using ModelError = ErrorOf<ExitCode::kModel>;
using NumericalError = ErrorOf<ExitCode::kNumerical>;
using RanksError = ErrorOf<ExitCode::kRanks>;
using InternalError = ErrorOf<ExitCode::kInternal>;

/// A failed call of the operating system. `from_errno` appends the system's own words for errno, and advice where there
/// is some.
class IoError : public ErrorOf<ExitCode::kIo> {
 public:
  using ErrorOf::ErrorOf;

  /// \param action what was tried, with its object: "cannot write corpus/shard-00000.bin"
  static IoError from_errno(const std::string& action);
};

}  // namespace albert
