#include <filesystem>
#include <memory>
#include <optional>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/sleeping_threads.h"
#include "host/advice.h"
#include "host/examine.h"
#include "host/report.h"

namespace albert::cli {

namespace {

struct DoctorOptions {
  std::optional<std::filesystem::path> run_dir;
  bool json = false;
};

void examine(const DoctorOptions& options) {
  const host::Facts facts = host::examine_host(options.run_dir);
  const auto advice = host::advice_for(facts);
  fmt::print("{}", options.json ? host::to_json(facts, advice) : host::to_text(facts, advice));
  if (const auto code = host::exit_code_of(advice)) throw Exit{static_cast<int>(*code)};
}

}  // namespace

void add_doctor_command(Command& program) {
  auto options = std::make_shared<DoctorOptions>();
  Command command = program.add_subcommand(
      "doctor",
      "Look at this computer: processor, memory, GPU, speed in a second, disk of a run folder; say what to change. "
      "Ends with 0, or with 5 if something would end a training");
  command.example("albert doctor --run-dir run");
  let_waiting_threads_sleep(command);
  command
      .add_option("--run-dir", options->run_dir,
                  "Look also at the disk of this folder, or where it would be made: free space, links, locks, fsync. "
                  "A small folder is made there and removed again")
      .type_name("DIR");
  command.add_flag("--json", options->json,
                   "Print a JSON object: bytes, milliseconds, floating-point operations a second");
  command.callback([options] { examine(*options); });
}

}  // namespace albert::cli
