#pragma once

#include <string_view>
#include <utility>

#include <spdlog/fmt/fmt.h>

/// The program's log. Only log.cpp reads spdlog's own header, which costs each file that includes it 2 s of compiling.
namespace albert {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

/// Sends the program's log to standard error, so that standard output carries results only: plain lines where it is not
/// a terminal, coloured ones where it is. Call once, from main().
/// \param least what is shown, and all above
void set_up_log(LogLevel least);

/// Writes one message as printable_message() makes it (base/shown.h): it may hold what others wrote.
void log_text(LogLevel level, std::string_view text);

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
