#include <memory>
#include <string>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "base/shown.h"
#include "cli/commands.h"
#include "cli/output_option.h"
#include "cli/reader_options.h"
#include "corpus/files/inputs.h"
#include "corpus/reading/document_lines.h"
#include "corpus/reading/document_stream.h"
#include "interop/extend.h"

namespace albert::cli {

namespace {

constexpr const char* kModelHelp = "Model folder, pretrained or fine-tuned, or the folder of a run";
constexpr const char* kOutputHelp = "Folder to write the model to";

struct ExtendArguments {
  interop::ExtendOptions options;
  corpus::InputOptions inputs;
  corpus::ReaderOptions reader;
};

void log_words(const interop::ExtendOptions& options, const interop::ExtendReport& report) {
  if (!report.known.empty()) {
    log_info("{}: left out {}, which the vocabulary has already, or the file twice: {}", options.words->string(),
             counted(report.known.size(), "word"), listed(report.known));
  }
  if (!report.left_out.empty()) {
    log_warning(
        "left out {}, which would not be found as one piece in a text (an added token is in it, or it ends in "
        "a digit and a comma): {}",
        counted(report.left_out.size(), "word"), listed(report.left_out));
  }
}

void extend(const ExtendArguments& arguments) {
  const interop::ExtendOptions& options = arguments.options;
  const interop::ExtendReport report = interop::extend_model(options, [&]() -> interop::LineSource {
    const corpus::Inputs inputs = corpus::discover_inputs(arguments.inputs);
    corpus::require_apart(options.output.path, inputs);
    const auto lines = std::make_shared<corpus::DocumentLines>(inputs.files, arguments.reader);
    return [lines](std::string& line) { return lines->next(line); };
  });
  log_words(options, report);
  if (report.saved) {
    const auto [before, after] = *report.saved;
    fmt::print("the text has {} tokens, {} with the new pieces: {} fewer\n", grouped(before), grouped(after),
               percent(static_cast<double>(before - after) / static_cast<double>(before)));
  }
  fmt::print("{}: {} added behind {}, {} rows{}\n", printable(options.output.path.string()),
             counted(report.num_added, "piece"), grouped(report.num_pieces_before), grouped(report.num_rows),
             report.num_from_all == 0 ? ""
                                      : fmt::format("; {} of the new pieces start from the mean of all pieces, since "
                                                    "the vocabulary knows nothing of them",
                                                    report.num_from_all));
}

void replace(const interop::ReplaceOptions& options) {
  const interop::ReplaceReport report = interop::replace_in_model(options);
  fmt::print("{}: {} pieces in the place of {}: {} kept, {} from their old pieces, {} from the mean of all\n",
             printable(options.output.path.string()), grouped(report.num_rows), grouped(report.num_pieces_before),
             grouped(report.num_kept), grouped(report.num_from_pieces), grouped(report.num_from_all));
}

/// Refuses options of the other way to name words.
void check_words(const Command& command, const ExtendArguments& arguments) {
  const bool has_words = arguments.options.words.has_value();
  if (has_words == !arguments.inputs.paths.empty()) {
    throw UsageError("expected either --add FILE or --from-corpus PATH..., found {}", has_words ? "both" : "neither");
  }
  if (!has_words) return;
  std::vector<const char*> of_text{"--max-pieces"};
  of_text.insert(of_text.end(), kReadingOptions.begin(), kReadingOptions.end());
  for (const char* name : of_text) {
    if (command.has(name)) {
      throw UsageError("{} is for --from-corpus: the words of --add are all taken; leave it out", name);
    }
  }
}

}  // namespace

void add_tokenizer_extend_command(Command& tokenizer) {
  Command command = tokenizer.add_subcommand(
      "extend", "Give words of your own a piece each in the vocabulary of a trained model, every old id unchanged");
  command.example(
      "albert tokenizer extend --model albert-base --add words.txt --output albert-medical\n"
      "albert tokenizer extend --model albert-base --from-corpus notes/ --max-pieces 2000 --output albert-medical");
  auto arguments = std::make_shared<ExtendArguments>();
  interop::ExtendOptions& options = arguments->options;
  command.add_option("--model", options.model, kModelHelp).required();
  command.add_option("--add", options.words, "File with a word a line, or -, standard input: each becomes one piece")
      .or_standard_input(/*is_read_once=*/true)
      .type_name("FILE");
  add_text_options(command, "--from-corpus", arguments->inputs);
  command
      .add_option("--max-pieces", options.max_pieces,
                  "With --from-corpus: add at most so many words, those that save the most tokens")
      .positive()
      .show_default();
  add_reader_options(command, arguments->reader);
  add_output(command, options.output.path, options.output.overwrite, kOutputHelp).required();
  command.callback([arguments, command] {
    check_words(command, *arguments);
    extend(*arguments);
  });
}

void add_tokenizer_replace_command(Command& tokenizer) {
  Command command = tokenizer.add_subcommand(
      "replace", "Put a new vocabulary over a trained model, which keeps the rows of the pieces that both have");
  command.example("albert tokenizer replace --model albert-base --tokenizer tokenizer --output albert-german");
  auto options = std::make_shared<interop::ReplaceOptions>();
  command.add_option("--model", options->model, kModelHelp).required();
  command
      .add_option("--tokenizer", options->tokenizer, "The new one: a tokenizer folder, or a spiece.model or vocab.txt")
      .required();
  add_output(command, options->output.path, options->output.overwrite, kOutputHelp).required();
  command.callback([options] { replace(*options); });
}

}  // namespace albert::cli
