#pragma once

#include <functional>

#include "cli/command.h"
#include "train/run.h"
#include "train/training_run.h"

namespace albert::cli {

/// --config, --set, --run-dir and --resume.
/// \param configs where the program's own configurations lie, for the help
void add_run_arguments(Command& command, train::RunOptions& run, const char* configs);

/// Starts the processes that --ranks asks for, if it does and this is not one of them, and waits for them. Throws what
/// makes the program exit with their code. In one of several ranks, however started, the log is that of a rank from
/// here on: what they have to say is the same, but for errors.
/// \param check throws for what is wrong with the configuration: told once, before there are ranks
void start_ranks(const train::RunOptions& run, const std::function<void()>& check);

/// Whether this process tells how the work ended: one of several ranks does.
bool is_first_rank();

/// Says how a run ended and where its checkpoints are.
void print_result(const train::RunResult& result, const std::filesystem::path& run_dir);

/// Throws what makes the program exit as shells report a process ended by a signal, if one ended the work before its
/// end.
/// \param signal 0: none
void exit_if_interrupted(int signal);

}  // namespace albert::cli
