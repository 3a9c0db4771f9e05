#include <memory>
#include <string>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/output_option.h"
#include "cli/reader_options.h"
#include "corpus/parts/sample_part.h"

namespace albert::cli {

namespace {

struct SampleArguments {
  corpus::SampleOptions sample;
  std::string part = "1/1";
};

void draw(const SampleArguments& arguments) {
  const corpus::PartOfInput part = corpus::parse_part(arguments.part);
  const corpus::BuiltPart drawn = corpus::sample_part(arguments.sample, part, ALBERT_VERSION);
  if (drawn.was_there) {
    log_info("part {} is there and whole: {} was left as it is", to_string(part), drawn.folder.string());
  } else {
    log_info("wrote part {} to {}", to_string(part), drawn.folder.string());
  }
}

}  // namespace

void add_tokenizer_sample_command(Command& tokenizer) {
  Command command = tokenizer.add_subcommand(
      "sample", "Draw a random sample of the lines of one part of a text, for `albert tokenizer train --sample`");
  command.example("albert tokenizer sample --part 3/8 --input texts/ --output samples");
  auto arguments = std::make_shared<SampleArguments>();
  corpus::SampleOptions& options = arguments->sample;
  add_input_options(command, options.inputs);
  add_output(command, options.output, options.overwrite, "Folder to hold the parts").required().type_name("DIR");
  command
      .add_option("--part", arguments->part,
                  "The I-th of N parts: a vocabulary of all of them is that of one sample. A part that is there and "
                  "whole is left as it is. What comes through a pipe is the part already")
      .type_name("I/N")
      .show_default();
  add_reader_options(command, options.reader);
  command
      .add_option("--sample-lines", options.max_lines,
                  "Keep at most this many lines of all parts, and about 128 MiB of text")
      .not_negative()
      .show_default();
  command.add_option("--seed", options.seed, "Seed of the random sample").not_negative().show_default();
  command.callback([=] { draw(*arguments); });
}

}  // namespace albert::cli
