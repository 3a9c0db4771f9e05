#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <sys/types.h>

namespace albert {

/// A process to start. It ends with this one, whatever ends that.
struct ProcessStart {
  std::string program;                      ///< a path, or a name that is looked for in PATH
  std::vector<std::string> arguments;       ///< the first one is how the program is called
  std::vector<std::string> variables = {};  ///< NAME=VALUE each, over the environment of this process
  int output = -1;                          ///< descriptor for its standard output; -1: that of this process
  int errors = -1;                          ///< descriptor for its standard error; -1: that of this process
  bool is_silent = false;                   ///< without input, and without its standard error if that goes nowhere else
  /// It leads a process group: kill() ends with it all that it starts, and a terminal's Ctrl-C does not reach it.
  bool has_own_group = false;
};

/// \return its number; whoever starts it waits for it. A program that is not there ends with the code 127.
/// Throws IoError if no process can be started.
pid_t start_process(const ProcessStart& start);

/// What a program printed, and how it ended.
struct ProgramResult {
  std::string output;         ///< standard output, to its end or to the end of the time
  std::string errors = {};    ///< standard error, likewise
  int status = 0;             ///< as waitpid() gives it
  bool is_timed_out = false;  ///< it was killed, as it was still running at the end of the time
};

/// Runs another program to its end, without input. Where that does not come within the limit, the program is ended with
/// every process that it started.
/// \param command the program and its arguments
/// Throws IoError if no process can be started.
ProgramResult run_program(const std::vector<std::string>& command, std::chrono::milliseconds limit);

/// The arguments that this process was started with.
std::vector<std::string> own_arguments();
/// The file of this program, to start it once more.
std::string own_program();

}  // namespace albert
