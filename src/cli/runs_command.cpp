#include <filesystem>
#include <memory>

#include <spdlog/fmt/fmt.h>

#include "cli/commands.h"
#include "train/run_list.h"

namespace albert::cli {

namespace {

struct RunsOptions {
  std::filesystem::path folder;
  bool json = false;
};

void list(const RunsOptions& options) {
  const auto runs = train::list_runs(options.folder);
  fmt::print("{}",
             options.json ? train::runs_to_json(runs, options.folder) : train::runs_to_text(runs, options.folder));
}

}  // namespace

void add_runs_command(Command& program) {
  auto options = std::make_shared<RunsOptions>();
  Command command =
      program.add_subcommand("runs", "List the runs below a folder: kind, state, step, best figure, last change, size");
  command.example("albert runs .");
  command
      .add_option("folder", options->folder,
                  "Folder of runs, of a series or of one run. Links below it are not followed. Nothing is written")
      .required()
      .type_name("DIR");
  command.add_flag("--json", options->json, "Print a JSON list, with sizes in bytes and times in UTC");
  command.callback([options] { list(*options); });
}

}  // namespace albert::cli
