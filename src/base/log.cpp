#include "base/log.h"

#include <memory>
#include <utility>
#include <vector>

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "base/error.h"
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

using AllSinks = spdlog::sinks::dist_sink_mt;

std::string_view name_of(std::filesystem::file_type type) {
  switch (type) {
    case std::filesystem::file_type::symlink:
      return "a link";
    case std::filesystem::file_type::directory:
      return "a folder";
    case std::filesystem::file_type::fifo:
      return "a pipe";
    default:
      return "a device or a socket";
  }
}

void check_place(const std::filesystem::path& path) {
  const auto type = std::filesystem::symlink_status(path).type();
  if (type == std::filesystem::file_type::not_found || type == std::filesystem::file_type::regular) return;
  throw IoError("cannot write {}: expected a log file, found {}; move it away", path.string(), name_of(type));
}

/// Null where the program has not set up its log, as in tests.
AllSinks* all_sinks() {
  const auto& sinks = spdlog::default_logger_raw()->sinks();
  return sinks.empty() ? nullptr : dynamic_cast<AllSinks*>(sinks.front().get());
}

}  // namespace

void set_up_log(LogLevel least, const std::string& name) {
  auto terminal = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  terminal->set_pattern("%^%H:%M:%S %L%$ " + name + "%v");
  terminal->set_level(spdlog_level(least));
  auto all = std::make_shared<AllSinks>(std::vector<spdlog::sink_ptr>{std::move(terminal)});
  auto logger = std::make_shared<spdlog::logger>("albert", std::move(all));
  logger->set_level(spdlog::level::debug);
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
}

LogFile::LogFile(const std::filesystem::path& path) {
  check_place(path);
  try {
    sink_ = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path.string());
  } catch (const spdlog::spdlog_ex&) {
    throw IoError::from_errno(fmt::format("cannot write {}", path.string()));
  }
  sink_->set_pattern("%Y-%m-%d %H:%M:%S %L %v");
  if (AllSinks* all = all_sinks()) all->add_sink(sink_);
}

LogFile::~LogFile() {
  sink_->flush();
  if (AllSinks* all = all_sinks()) all->remove_sink(sink_);
}

void log_text(LogLevel level, std::string_view text) {
  spdlog::default_logger_raw()->log(spdlog_level(level), printable_message(text));
}

}  // namespace albert
