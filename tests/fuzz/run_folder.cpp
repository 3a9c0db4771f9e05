// The folder of a run, as `albert runs` and `albert report` read it: an input is its files in the order below, with kSeparator
// between them.

#include <array>

#include "fuzz.h"
#include "input_file.h"
#include "report/run_data.h"
#include "train/run_list.h"

namespace albert::fuzz {

void read(std::string_view input) {
  static std::array files = {InputFile("runs/a/run.yaml"),
                             InputFile("runs/a/metrics.jsonl"),
                             InputFile("runs/a/run.log"),
                             InputFile("runs/a/checkpoints/step-00000004/trainer_state.json"),
                             InputFile("runs/a/checkpoints/step-00000004/manifest.json"),
                             InputFile("runs/runs.json"),
                             InputFile("runs/runs.yaml")};
  write_parts(files, parts_of(input));
  const std::vector<train::RunSummary> runs = train::list_runs("runs");
  train::runs_to_text(runs, "runs");
  train::runs_to_json(runs, "runs");
  for (const report::RunData& run : report::read_runs({"runs/a"})) {
    for (const std::string& problem : run.summary.problems) require_short(problem);
  }
}

}  // namespace albert::fuzz
