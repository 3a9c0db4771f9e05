#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <spdlog/fmt/fmt.h>

/// The program's log. Only log.cpp reads spdlog's own header, which costs each file that includes it 2 s of compiling.
namespace spdlog::sinks {
class sink;  // NOLINT(readability-identifier-naming): spdlog's own
}

namespace albert {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

/// Sends the program's log to standard error, so that standard output carries results only: plain lines where it is not
/// a terminal, coloured ones where it is. Called from main(), before anything else; and once more by a process that is
/// one of several, and leaves most to the first of them.
/// \param least what is shown, and all above
/// \param name stands before each message: "rank 2: "
void set_up_log(LogLevel least, const std::string& name = "");

/// Writes one message as printable_message() makes it (base/shown.h): it may hold what others wrote.
void log_text(LogLevel level, std::string_view text);

/// While it lives, all messages go to a file too, debug messages with them: behind what the file holds, each with its
/// date, and behind what was said since the program began or the last such file ended. Where several live at once, each
/// gets all.
class LogFile {
 public:
  /// Throws IoError.
  explicit LogFile(const std::filesystem::path& path);
  ~LogFile();
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

 private:
  std::shared_ptr<spdlog::sinks::sink> sink_;
};

template <typename... Args>
void log_debug(fmt::format_string<Args...> format, Args&&... args) {
  log_text(LogLevel::kDebug, fmt::format(format, std::forward<Args>(args)...));
}

template <typename... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log_text(LogLevel::kInfo, fmt::format(format, std::forward<Args>(args)...));
}

template <typename... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  log_text(LogLevel::kWarning, fmt::format(format, std::forward<Args>(args)...));
}

template <typename... Args>
void log_error(fmt::format_string<Args...> format, Args&&... args) {
  log_text(LogLevel::kError, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace albert
