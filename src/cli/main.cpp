#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <new>
#include <span>

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "base/log.h"
#include "cli/commands.h"
#include "cli/unknown_words.h"

namespace {

int run(int argc, char** argv) {
  CLI::App app("Trains, evaluates and uses ALBERT models", "albert");
  app.set_version_flag("--version", ALBERT_VERSION);
  app.require_subcommand(1);
  bool quiet = false;
  bool verbose = false;
  app.add_flag("-q,--quiet", quiet, "Only warnings and errors");
  app.add_flag("-v,--verbose", verbose, "Debug messages too");
  app.parse_complete_callback([&] {
    albert::set_up_log(verbose ? spdlog::level::debug : quiet ? spdlog::level::warn : spdlog::level::info);
  });
  albert::cli::add_tokenizer_command(app);
  albert::cli::add_corpus_command(app);
  albert::cli::add_pretrain_command(app);
  albert::cli::add_finetune_command(app);
  albert::cli::add_evaluate_command(app);
  albert::cli::add_predict_command(app);
  albert::cli::add_score_command(app);
  albert::cli::add_glue_submission_command(app);
  albert::cli::add_fill_mask_command(app);
  albert::cli::add_embed_command(app);
  albert::cli::add_search_command(app);
  albert::cli::add_info_command(app);
  albert::cli::add_config_command(app);

  albert::cli::check_words(app, std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
  try {
    app.parse(argc, argv);
  } catch (const CLI::RuntimeError& error) {  // of a command that was stopped by a signal
    return error.get_exit_code();
  } catch (const CLI::ParseError& error) {
    // CLI11 has many codes of its own; to a script every mistake on the command line is a usage error.
    return app.exit(error) == 0 ? 0 : static_cast<int>(albert::ExitCode::kUsage);
  }
  // What was printed may still wait in the buffer, and the disk be full.
  errno = 0;
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    throw albert::IoError::from_errno("cannot write the output");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  albert::set_up_log(spdlog::level::info);
  try {
    return run(argc, argv);
  } catch (const albert::Error& error) {
    spdlog::error("{}", error.what());
    return static_cast<int>(error.code());
  } catch (const std::filesystem::filesystem_error& error) {
    spdlog::error("{}", error.what());
    return static_cast<int>(albert::ExitCode::kIo);
  } catch (const std::bad_alloc&) {
    spdlog::error("out of memory; use a smaller batch, model or number of threads");
    return static_cast<int>(albert::ExitCode::kIo);
  } catch (const std::exception& error) {
    spdlog::error("internal error: {}", error.what());
    return static_cast<int>(albert::ExitCode::kInternal);
  }
}
