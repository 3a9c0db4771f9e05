#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/signals.h"

namespace albert::corpus {

/// Does the work of writing a result, which a signal may stop. Errors of the file system become IoErrors.
/// \param what that is written: "corpus", for the message of a signal
/// \param failure "cannot build the corpus DIR"
/// \return what `work` returns
/// Throws as `work`; Error with the exit code 128 + signal when stopped by a signal.
template <typename Work>
auto while_writing(std::string_view what, const std::string& failure, const Work& work) {
  const StopRequest stop;
  try {
    return work();
  } catch (const std::filesystem::filesystem_error& error) {
    throw IoError("{}: {}", failure, error.what());
  } catch (const Error&) {
    stop_if_asked(what);  // the signal is why a wait for input ended
    throw;
  }
}

}  // namespace albert::corpus
