#include "base/log.h"

#include <array>
#include <chrono>
#include <ctime>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <spdlog/details/log_msg_buffer.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/dist_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log_format.h"
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

/// Of the message that this thread is writing: sinks format it in the call.
thread_local std::span<const LogField> fields_of_message;

class JsonFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const std::string text(message.payload.data(), message.payload.size());
    const auto level = spdlog::level::to_string_view(message.level);
    nlohmann::ordered_json object{
        {"time", time_of(message)}, {"level", std::string(level.data(), level.size())}, {"message", text}};
    for (const auto& [name, value] : fields_of_message)
      std::visit([&, &member = object[std::string(name)]](const auto& one) { member = one; }, value);
    const std::string line = dump_json(object) + '\n';
    out.append(line.data(), line.data() + line.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonFormatter>(); }

 private:
  static std::string time_of(const spdlog::details::log_msg& message) {
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(message.time.time_since_epoch()).count();
    const std::time_t seconds = since / 1000;
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    std::array<char, 32> date{};
    std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &utc);
    return fmt::format("{}.{:03}Z", date.data(), since % 1000);
  }
};

/// Appends to a file. What cannot be written is told on standard error, as spdlog does of what a sink throws, and comes
/// with the next message.
class FileSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FileSink(const std::filesystem::path& path) : file_(path, FileWriter::Mode::kAppend) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    file_.write(std::string_view(line.data(), line.size()));
    file_.flush();
  }
  void flush_() override {}

  FileWriter file_;
};

/// Keeps what is said while no file takes it, or the first of it: the next file begins with it.
class UnfiledSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  /// \return what was kept
  std::vector<spdlog::details::log_msg_buffer> begin_file() {
    const std::scoped_lock lock(mutex_);
    ++num_files_;
    return std::exchange(kept_, {});
  }
  void end_file() {
    const std::scoped_lock lock(mutex_);
    --num_files_;
  }

 private:
  static constexpr std::size_t kMaxKept = 500;

  void sink_it_(const spdlog::details::log_msg& message) override {
    if (num_files_ == 0 && kept_.size() < kMaxKept) kept_.emplace_back(message);
  }
  void flush_() override {}

  int num_files_ = 0;
  std::vector<spdlog::details::log_msg_buffer> kept_;
};

const std::shared_ptr<UnfiledSink>& unfiled() {
  static const auto kSink = std::make_shared<UnfiledSink>();
  return kSink;
}

}  // namespace

void set_log_format(LogFormat format) {
  AllSinks* all = all_sinks();
  if (all && format == LogFormat::kJson) all->sinks().front()->set_formatter(std::make_unique<JsonFormatter>());
}

void set_up_log(LogLevel least, const std::string& name) {
  auto terminal = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  terminal->set_pattern("%^%H:%M:%S %L%$ " + name + "%v");
  terminal->set_level(spdlog_level(least));
  auto all = std::make_shared<AllSinks>(std::vector<spdlog::sink_ptr>{std::move(terminal), unfiled()});
  auto logger = std::make_shared<spdlog::logger>("albert", std::move(all));
  logger->set_level(spdlog::level::debug);
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
}

LogFile::LogFile(const std::filesystem::path& path) {
  check_place(path);
  sink_ = std::make_shared<FileSink>(path);
  sink_->set_pattern("%Y-%m-%d %H:%M:%S %L %v");
  AllSinks* all = all_sinks();
  if (!all) return;
  // As another logger would write them: what cannot be written is told, and no error.
  spdlog::logger said("before", sink_);
  for (const auto& message : unfiled()->begin_file())
    said.log(message.time, message.source, message.level, message.payload);
  all->add_sink(sink_);
}

LogFile::~LogFile() {
  AllSinks* all = all_sinks();
  if (!all) return;
  all->remove_sink(sink_);
  unfiled()->end_file();
}

void log_with_fields(LogLevel level, std::string_view text, std::span<const LogField> fields) {
  fields_of_message = fields;
  log_text(level, text);
  fields_of_message = {};
}

void log_text(LogLevel level, std::string_view text) {
  spdlog::default_logger_raw()->log(spdlog_level(level), printable_message(text));
}

}  // namespace albert
