#include <memory>

#include <spdlog/fmt/fmt.h>

#include "base/counted.h"
#include "base/log.h"
#include "base/shown.h"
#include "cli/choice_option.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/output_option.h"
#include "interop/import.h"

namespace albert::cli {

void add_import_command(Command& program) {
  using interop::WeightKind;
  auto options = std::make_shared<interop::ImportOptions>();
  Command command = program.add_subcommand("import", "Make a model folder of a model that another program wrote");
  command.example("albert import --from albert_base/model.ckpt-best --output albert-base");
  command
      .add_option("--from", options->from,
                  "A folder of Transformers or of Google's checkpoints (ALBERT, BERT, albert_zh), with its "
                  "configuration and vocabulary; or in it a file of weights, or the prefix of a TensorFlow checkpoint")
      .required();
  add_output(command, options->output, options->overwrite, "Folder to write the model to").required();
  add_choice(command, "--kind", options->kind,
             {{"auto", WeightKind::kRecognised},
              {"safetensors", WeightKind::kSafetensors},
              {"pytorch", WeightKind::kTorch},
              {"tensorflow", WeightKind::kTensorFlow}},
             "Which weights to take where the folder holds several kinds: auto takes the first of the others");
  command.callback([options] {
    const interop::ImportReport report = interop::import_model(*options);
    for (const std::string& remark : report.remarks) log_info("{}: {}", report.weights.string(), remark);
    for (const std::string& tensor : report.left_out) {
      log_warning("{}: left out: {}, which no part of the model is made of", report.weights.string(), tensor);
    }
    fmt::print("{}: {}, {} parameters\n", printable(options->output.string()), report.model,
               grouped(report.num_parameters));
  });
}

}  // namespace albert::cli
