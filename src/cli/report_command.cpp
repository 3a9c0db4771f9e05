#include <memory>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/compute_options.h"
#include "cli/output_option.h"
#include "cli/sleeping_threads.h"
#include "report/report.h"

namespace albert::cli {

void add_report_command(Command& program) {
  struct Arguments {
    report::ReportOptions options;
    model::ComputeConfig compute;
    bool without_evaluation = false;
  };
  auto arguments = std::make_shared<Arguments>();
  report::ReportOptions& options = arguments->options;
  options.version = ALBERT_VERSION;
  Command command = program.add_subcommand(
      "report", "Write a page (HTML) with charts of runs, of what fine-tuned models predict, and of corpora");
  command.example("albert report sst2 --explain 10 --output report.html");
  let_waiting_threads_sleep(command);
  command
      .add_option("paths", options.paths,
                  "Folders of runs, which are drawn into the same charts, folders with runs below them, and corpora. "
                  "Nothing is written to them")
      .required()
      .type_name("DIR...");
  command
      .add_option("--data", options.evaluation.data,
                  "Development data to evaluate fine-tuned models on, as `albert evaluate` takes them; once for each "
                  "[those that the run was started with]")
      .one_at_a_time()
      .type_name("PATH");
  command
      .add_option("--explain", options.evaluation.num_explained,
                  "Show for so many predictions of classes which words mattered: half of them mistakes")
      .type_name("N")
      .within(0, 1000)
      .show_default();
  command.add_flag("--no-evaluation", arguments->without_evaluation,
                   "Leave out what fine-tuned models predict: the page is there at once");
  add_output(command, options.output.path, options.output.overwrite, "File to write the page to").required();
  add_compute_options(command, arguments->compute);
  command.callback([arguments] {
    report::ReportOptions& given = arguments->options;
    const bool asks = !given.evaluation.data.empty() || given.evaluation.num_explained > 0;
    if (arguments->without_evaluation && asks)
      throw UsageError("--no-evaluation leaves out what --data and --explain ask for: leave one of them out");
    if (given.evaluation.num_explained > 0 && arguments->compute.precision == model::Precision::kInt8)
      throw UsageError("--explain needs gradients, which int8 has none of: take float32 or bfloat16");
    given.evaluates = !arguments->without_evaluation;
    report::write_report(given, model::set_up_compute(arguments->compute));
  });
}

}  // namespace albert::cli
