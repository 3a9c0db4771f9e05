#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/log.h"

namespace albert {

/// What the lines on standard error are.
enum class LogFormat {
  kText,  ///< for people: time, level and message
  kJson,  ///< for programs: an object each, {"time": "2026-11-30T12:00:00.123Z", "level": "info", "message": ...}
};

/// Changes the format of what set_up_log() has set up (base/log.h), which is kText; that of log files stays.
void set_log_format(LogFormat format);

/// A value that a message tells, for programs.
using LogField = std::pair<std::string_view, std::variant<std::int64_t, double, std::string>>;

/// As log_text(); in kJson the fields are members of the object, too.
void log_with_fields(LogLevel level, std::string_view text, std::span<const LogField> fields);

}  // namespace albert
