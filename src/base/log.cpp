#include "base/log.h"

#include <memory>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "base/shown.h"

namespace albert {

namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

}  // namespace

void set_up_log(LogLevel least) {
  auto logger = std::make_shared<spdlog::logger>("albert", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  logger->set_pattern("%^%H:%M:%S %L%$ %v");
  logger->set_level(spdlog_level(least));
  spdlog::set_default_logger(std::move(logger));
}

void log_text(LogLevel level, std::string_view text) {
  spdlog::default_logger_raw()->log(spdlog_level(level), printable_message(text));
}

}  // namespace albert
