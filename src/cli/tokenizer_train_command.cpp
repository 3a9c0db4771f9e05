#include <memory>
#include <string>
#include <vector>

#include "base/atomic_folder.h"
#include "base/error.h"
#include "base/output.h"
#include "cli/commands.h"
#include "cli/output_option.h"
#include "cli/reader_options.h"
#include "cli/tokenizer_output.h"
#include "corpus/files/inputs.h"
#include "corpus/parts/part_folders.h"
#include "corpus/parts/sample_part.h"
#include "corpus/reading/document_lines.h"
#include "text/tokenizer.h"
#include "text/trainer.h"

namespace albert::cli {

namespace {

struct TrainOptions {
  corpus::InputOptions inputs;
  std::vector<fs::path> samples;
  fs::path output;
  bool overwrite = false;
  corpus::ReaderOptions reader;
  text::TrainerSettings trainer;
};

std::shared_ptr<const text::Tokenizer> train_on_input(const TrainOptions& options) {
  const corpus::Inputs inputs = corpus::discover_inputs(options.inputs);
  corpus::require_apart(options.output, inputs);
  corpus::DocumentLines lines(inputs.files, options.reader);
  const text::KeyedLineSource next = [&lines](std::string& line, std::uint64_t& key) {
    const bool is_there = lines.next(line);
    key = lines.key();
    return is_there;
  };
  return text::train_tokenizer(next, options.trainer);
}

void train(const TrainOptions& options) {
  check(options.trainer);  // before the text is read
  AtomicFolder folder(
      tokenizer_output({options.output, options.overwrite}));  // before the work: it may not be possible to write there
  if (options.samples.empty()) return write_tokenizer(*train_on_input(options), folder, options.output);
  const std::vector<std::string> sample =
      corpus::merge_samples(corpus::find_parts(options.samples, corpus::PartKind::kSample, ALBERT_VERSION));
  write_tokenizer(*text::train_tokenizer_on_sample(sample, options.trainer), folder, options.output);
}

/// Refuses what says how to draw a sample where samples are given.
void check_sources(const Command& command, const TrainOptions& options) {
  if (options.samples.empty() == options.inputs.paths.empty()) {
    throw UsageError("expected either --input PATH... or --sample DIR..., found {}",
                     options.samples.empty() ? "neither" : "both");
  }
  if (options.samples.empty()) return;
  std::vector<const char*> of_input{"--sample-lines", "--seed"};
  of_input.insert(of_input.end(), kReadingOptions.begin(), kReadingOptions.end());
  for (const char* name : of_input) {
    if (command.has(name))
      throw UsageError("{} is for --input: a sample of --sample was drawn before; leave it out", name);
  }
}

}  // namespace

void add_tokenizer_train_command(Command& tokenizer) {
  Command command = tokenizer.add_subcommand("train", "Learn a vocabulary from text and write a tokenizer folder");
  command.example(
      "albert tokenizer train --input texts/ --vocab-size 30000 --output tokenizer\n"
      "albert tokenizer train --sample samples --vocab-size 30000 --output tokenizer");
  auto options = std::make_shared<TrainOptions>();
  text::TrainerSettings& trainer = options->trainer;
  add_text_options(command, "-i,--input", options->inputs);
  command
      .add_option("--sample", options->samples,
                  "In the place of --input: folders with all parts of a sample that `albert tokenizer sample` drew")
      .type_name("DIR...");
  command.add_option("--vocab-size", trainer.vocabulary_size, "Number of pieces, with the special ones").required();
  add_output(command, options->output, options->overwrite, kTokenizerOutputHelp).required();
  command.add_flag(
      "--cased", [&trainer] { trainer.tokenizer.do_lower_case = false; }, kCasedHelp);
  command.add_flag("--keep-accents", trainer.tokenizer.keep_accents, kAccentsHelp);
  add_reader_options(command, options->reader);
  command
      .add_option("--character-coverage", trainer.character_coverage,
                  fmt::format("Share of the characters that get a piece, from {} to 1", text::kMinCharacterCoverage))
      .show_default();
  command
      .add_option("--user-defined-symbols", trainer.user_defined_symbols,
                  "Symbols that are always one piece, found as they stand, each named once")
      .show_default();
  command.add_option("--sample-lines", trainer.sample_lines, "Learn from a random sample of at most this many lines")
      .not_negative()
      .show_default();
  command.add_option("--seed", trainer.seed, "Seed of the random sample (--sample-lines)")
      .not_negative()
      .show_default();
  command.callback([options, command] {
    check_sources(command, *options);
    train(*options);
  });
}

}  // namespace albert::cli
