#include <algorithm>
#include <cmath>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <spdlog/fmt/ranges.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/shown.h"
#include "cli/choice_option.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/output_option.h"
#include "cli/pooling_option.h"
#include "interop/export.h"

namespace albert::cli {

namespace {

using interop::ExportFormat;
using interop::ExportHead;
using interop::WeightPrecision;

const Choices<ExportFormat> kFormats = {{"transformers", ExportFormat::kTransformers},
                                        {"sentence-transformers", ExportFormat::kSentenceTransformers},
                                        {"onnx", ExportFormat::kOnnx},
                                        {"pt2", ExportFormat::kTorchExport}};

/// The formats of "onnx,transformers"; none of an empty text.
std::vector<ExportFormat> parse_formats(const std::string& list) {
  std::vector<ExportFormat> formats;
  std::istringstream parts(list);
  for (std::string name; std::getline(parts, name, ',');) {
    const auto found = std::ranges::find(kFormats, name, &Choices<ExportFormat>::value_type::first);
    if (found == kFormats.end()) {
      std::vector<std::string> known;
      for (const auto& [format, value] : kFormats) known.push_back(format);
      throw UsageError("--to {}: expected one or more of {}, separated by commas", in_quotes(name),
                       fmt::join(known, ", "));
    }
    formats.push_back(found->second);
  }
  return formats;
}

/// Refuses options that have no effect without another one.
void check_partners(const Command& command) {
  const std::pair<const char*, const char*> partners[] = {{"--max-loss", "--data"},
                                                          {"--force", "--data"},
                                                          {"--texts", "--verify"},
                                                          {"--python", "--verify"},
                                                          {"--no-vnni", "--int8"}};
  for (const auto& [option, partner] : partners) {
    if (command.has(option) && !command.has(partner)) {
      throw UsageError("{} has no effect without {}; add it, or leave {} out", option, partner, option);
    }
  }
}

void print_report(const interop::ExportOptions& options, const interop::ExportReport& report) {
  if (report.int8) {
    fmt::print("{:32} {:>10} {:>10}\n", printable(report.int8->data), "float32", "int8");
    for (const auto& [name, value] : report.int8->float32) {
      const auto rounded = metrics::find(report.int8->int8, name);
      fmt::print("{:32} {:>10.6g} {:>10}\n", name, value, rounded ? fmt::format("{:.6g}", *rounded) : "");
    }
  }
  for (const auto& [file, runtime, difference, largest] : report.verifications) {
    fmt::print("{:24} {:24} differs by {:.2g} at most, of numbers up to {:.3g}\n", file, runtime, difference, largest);
  }
  for (const auto& [path, size_bytes] : report.files) {
    fmt::print("{:>12} bytes  {}\n", grouped(size_bytes), printable(path.string()));
  }
  fmt::print("{}: {}\n", printable(options.output.string()), counted(report.files.size(), "file"));
}

}  // namespace

void add_export_command(Command& program) {
  struct Arguments {
    interop::ExportOptions options;
    std::string formats;
    double max_shard_megabytes = 0;
  };
  auto arguments = std::make_shared<Arguments>();
  interop::ExportOptions& options = arguments->options;
  Command command = program.add_subcommand("export", "Write a model for other programs, in one folder for all");
  command.example("albert export --model sst2 --to transformers,onnx --int8 --output sst2-export");
  command.add_option("--model", options.model, "Folder of a model, or of its run").required();
  command
      .add_option(
          "--to", arguments->formats,
          "What the folder is for, separated by commas: transformers (model.safetensors), sentence-transformers, "
          "onnx (onnx/model.onnx), pt2 (model.pt2 of torch.export) [all that suit the model]")
      .type_name("FORMAT,...");
  add_output(command, options.output, options.overwrite, "Folder to write").required();
  add_choice(
      command, "--head", options.head,
      {{"stored", ExportHead::kStored},
       {"embedding", ExportHead::kEmbedding},
       {"hidden-states", ExportHead::kHiddenStates}},
      "What the model is to give: what it was trained for, a vector for each text, or its tokens' hidden states");
  add_pooling_option(command, options.pooling);
  add_choice(command, "--precision", options.precision,
             {{"float32", WeightPrecision::kFloat32},
              {"float16", WeightPrecision::kFloat16},
              {"bfloat16", WeightPrecision::kBFloat16}},
             "Number format of the weights; an ONNX file of float16 computes in it, too");
  command.add_flag("--int8", options.int8,
                   "Also write onnx/model_int8.onnx, a quarter of the size, with products of whole numbers");
  command.add_flag(
      "--no-vnni", options.avoids_saturation,
      "Weights of --int8 in 7 bits instead of 8: for processors without VNNI (Intel before 2019, AMD before Zen 4), "
      "which add products in 16 bits, where those of 8 overflow");
  command
      .add_option(
          "--data", options.data,
          "Compare --int8 with float32 on data with labels: files, patterns, or a folder in the task's public "
          "layout, of which the development part counts. Both are computed in this program, int8 by rounding as a "
          "runtime with VNNI does")
      .or_standard_input()
      .one_at_a_time()
      .type_name("PATH");
  command
      .add_option("--max-loss", options.max_loss,
                  "With --data: refuse the export if the task's figure falls by more points of 100")
      .not_negative()
      .show_default();
  command.add_flag("--force", options.force, "With --data: export whatever int8 loses");
  command
      .add_option("--max-shard-size", arguments->max_shard_megabytes,
                  "Write the weights as several files of at most so many megabytes, with an index")
      .positive()
      .type_name("MB");
  command.add_flag(
      "--verify", options.verify,
      "Open the files in the runtimes that are installed (LibTorch; in Python ONNX Runtime, OpenVINO, PyTorch, "
      "Transformers, sentence-transformers), compare their numbers with this program's, and write nothing if they "
      "differ: in float32 by more than 1e-4, in float16 and int8 by more than a tenth of the largest; nor if there is "
      "no runtime for a file");
  command.add_option("--python", options.python,
                     "With --verify: the Python interpreter, which model.pt2 alone does without [python3]");
  command
      .add_option("--texts", options.texts,
                  "With --verify: a file of texts to compare on, one a line [a few of its own]")
      .or_standard_input();
  command.add_option("--language", options.card.languages, "For the model card: languages, as en").one_at_a_time();
  command.add_option("--license", options.card.license, "For the model card: the license, as apache-2.0");
  command.add_option("--base-model", options.card.base_model, "For the model card: what it was fine-tuned from");
  command.add_option("--dataset", options.card.datasets, "For the model card: data that it learnt from")
      .one_at_a_time();
  command.callback([arguments, command] {
    interop::ExportOptions& given = arguments->options;
    check_partners(command);
    if (command.has("--to") && arguments->formats.empty()) throw UsageError("--to: expected formats, found none");
    given.formats = parse_formats(arguments->formats);
    constexpr double kMegabyte = 1e6;
    given.max_shard_bytes = static_cast<std::int64_t>(std::ceil(arguments->max_shard_megabytes * kMegabyte));
    print_report(given, interop::export_model(given));
  });
}

}  // namespace albert::cli
