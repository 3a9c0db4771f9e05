#include <cerrno>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/shown.h"
#include "base/threads.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/out_of_memory.h"
#include "cli/unknown_words.h"
#include "cli/version.h"
#include "parallel/launch.h"

namespace albert::cli {

namespace {

/// What was printed may still wait in the buffer, and the disk be full.
void finish_output() {
  errno = 0;
  if (std::cout.flush() && std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
  if (errno != 0) throw IoError::from_errno("cannot write the output");
  throw IoError("a part of the output could not be written: is the disk full, or standard output closed?");
}

/// What stdio calls for what is printed: its own function gives up where a signal interrupts a write.
ssize_t print(void* /*stream*/, const char* bytes, std::size_t size) try {
  write_whole(STDOUT_FILENO, std::string_view(bytes, size), "standard output");
  return static_cast<ssize_t>(size);
} catch (const IoError&) {  // errno says why, and finish_output() reports it
  return 0;
}

/// std::cout goes on by itself, once it writes without stdio.
void let_output_be_interrupted() {
  constexpr std::size_t kBufferBytes = 1 << 16;
  std::ios::sync_with_stdio(false);
  std::FILE* const output =
      ::fopencookie(nullptr, "w", {.read = nullptr, .write = print, .seek = nullptr, .close = nullptr});
  if (output == nullptr) return;
  std::setvbuf(output, nullptr, ::isatty(STDOUT_FILENO) == 1 ? _IOLBF : _IOFBF, kBufferBytes);
  stdout = output;
}

/// Whoever started the process may have made its output one that does not wait for a slow reader.
void let_output_wait() {
  for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
    const int flags = ::fcntl(descriptor, F_GETFL);
    if (flags >= 0 && (flags & O_NONBLOCK) != 0) ::fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK);
  }
}

/// Puts something in the place of standard input, output and error where the process was started without, as by `>&-`:
/// else the next file that is opened would be taken for one of them. Reads and writes fail as they would without, but
/// the log is lost.
void fill_standard_descriptors() {
  for (const auto& [descriptor, flags] :
       {std::pair(STDIN_FILENO, O_WRONLY), {STDOUT_FILENO, O_RDONLY}, {STDERR_FILENO, O_RDWR}}) {
    if (::fcntl(descriptor, F_GETFD) == -1 && errno == EBADF) ::open("/dev/null", flags);  // the lowest that is free
  }
}

int run(int argc, char** argv) {
  Program program("albert", "Trains, evaluates and uses ALBERT models", version_text);
  Command command = program.command();
  command.example("albert finetune --help");
  bool quiet = false;
  bool verbose = false;
  command.add_flag("-q,--quiet", quiet, "Show warnings and errors only");
  command.add_flag("-v,--verbose", verbose, "Show debug messages too");
  command.before_running([&] {
    set_up_log(verbose ? LogLevel::kDebug : quiet ? LogLevel::kWarning : LogLevel::kInfo);
  });
  add_tokenizer_command(command);
  add_corpus_command(command);
  add_pretrain_command(command);
  add_finetune_command(command);
  add_evaluate_command(command);
  add_export_command(command);
  add_import_command(command);
  add_predict_command(command);
  add_score_command(command);
  add_glue_submission_command(command);
  add_fill_mask_command(command);
  add_embed_command(command);
  add_search_command(command);
  add_serve_command(command);
  add_info_command(command);
  add_config_command(command);
  add_runs_command(command);
  add_report_command(command);
  add_clean_command(command);
  add_doctor_command(command);
  add_help_command(command);
  add_completion_command(command);

  const std::span<char* const> words = std::span(argv, static_cast<std::size_t>(argc)).subspan(1);
  if (print_completion(command, words)) return 0;
  check_words(command, words);
  const int code = program.run(argc, argv);
  if (code == 0) finish_output();
  return code;
}

}  // namespace

}  // namespace albert::cli

namespace {

/// Says why the program ends: in the log, and to torchrun.
int end_with(albert::ExitCode code, const std::string& message) {
  albert::log_error("{}", message);
  albert::parallel::write_error_file(message);
  return static_cast<int>(code);
}

/// Of a path behind folders that may not be entered the first of these is named, with advice.
std::string why_refused(const std::filesystem::filesystem_error& error) {
  std::filesystem::path place;
  for (const std::filesystem::path& part : error.path1()) {
    place /= part;
    if (place != error.path1() && ::access(place.c_str(), X_OK) != 0 && errno == EACCES) break;
  }
  errno = error.code().value();
  return albert::IoError::from_errno(albert::printable(place.string())).what();
}

}  // namespace

int main(int argc, char** argv) {
  using albert::ExitCode;
  albert::cli::fill_standard_descriptors();
  albert::cli::let_output_wait();
  albert::cli::let_output_be_interrupted();
  albert::set_up_log(albert::LogLevel::kInfo);
  std::signal(SIGXFSZ, SIG_IGN);  // a file beyond a limit of the shell's (ulimit -f) is an error, as on a full disk
  try {
    return albert::cli::run(argc, argv);
  } catch (const albert::Error& error) {
    return end_with(error.code(), error.what());
  } catch (const std::filesystem::filesystem_error& error) {
    return end_with(ExitCode::kIo, why_refused(error));
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::resource_unavailable_try_again)  // of a thread, by whatever library
      return end_with(ExitCode::kIo, albert::cannot_start_threads(error));
    // of printing to a full disk
    return end_with(ExitCode::kIo, fmt::format("cannot write the output: {}; free some space", error.code().message()));
  } catch (const std::exception& error) {
    if (albert::cli::is_out_of_memory(error)) return end_with(ExitCode::kIo, albert::cli::kOutOfMemory);
    return end_with(ExitCode::kInternal, fmt::format("internal error: {}", error.what()));
  }
}
