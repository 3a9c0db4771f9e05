#include <memory>
#include <string>
#include <vector>

#include "base/counted.h"
#include "base/log.h"
#include "cli/choice_option.h"
#include "cli/commands.h"
#include "cli/output_option.h"
#include "cli/reader_options.h"
#include "corpus/building/builder.h"
#include "corpus/parts/merger.h"
#include "corpus/parts/part_builder.h"
#include "corpus/parts/part_folders.h"
#include "corpus/store/summary.h"
#include "text/tokenizer.h"

namespace albert::cli {

namespace {

struct BuildArguments {
  corpus::BuildOptions build;
  std::string tokenizer;
  std::string part;  ///< empty: all of the input
};

struct MergeArguments {
  std::vector<std::filesystem::path> parts;
  std::filesystem::path output;
  bool overwrite = false;
};

void report(const corpus::Manifest& manifest, const std::filesystem::path& output) {
  log_info("wrote the corpus {}", output.string());
  fmt::print("{}", corpus::summary_text(manifest));
}

void build_one_part(const BuildArguments& arguments) {
  const corpus::PartOfInput part = corpus::parse_part(arguments.part);
  const auto tokenizer = text::Tokenizer::open(arguments.tokenizer);
  const corpus::BuiltPart built = corpus::build_part(arguments.build, part, *tokenizer, ALBERT_VERSION);
  const std::string held = counted(built.manifest.num_documents, "document");
  if (built.was_there) {
    log_info("part {} is there and whole, with {}: {} was left as it is", to_string(part), held, built.folder.string());
  } else {
    log_info("wrote part {} with {} to {}", to_string(part), held, built.folder.string());
  }
}

void build(const BuildArguments& arguments) {
  if (!arguments.part.empty()) return build_one_part(arguments);
  report(corpus::build_corpus(arguments.build, *text::Tokenizer::open(arguments.tokenizer)), arguments.build.output);
}

void merge(const MergeArguments& arguments) {
  const std::vector<corpus::FoundPart> parts =
      corpus::find_parts(arguments.parts, corpus::PartKind::kCorpus, ALBERT_VERSION);
  const auto tokenizer = text::Tokenizer::open(parts.front().folder / corpus::kTokenizerFolder);
  report(corpus::merge_corpus(parts, arguments.output, arguments.overwrite, *tokenizer), arguments.output);
}

void add_assembly_options(Command& command, corpus::AssemblySettings& settings) {
  command
      .add_option("--held-out", settings.held_out,
                  "Share of the documents to keep for evaluation: at least one document, but none if there is only one")
      .within(0.0, 1.0)
      .show_default();
  add_choice(command, "--held-out-by", settings.held_out_by,
             {{"documents", corpus::HeldOutBy::kDocuments}, {"sections", corpus::HeldOutBy::kSections}},
             "Hold out whole documents, or sections of 16 KiB, which suits a few long ones");
  add_choice(command, "--deduplicate", settings.deduplicate,
             {{"none", corpus::Deduplicate::kNone},
              {"exact", corpus::Deduplicate::kExact},
              {"near", corpus::Deduplicate::kNear}},
             "Leave out documents of which an earlier one has the same text, or (near) about 80% of the same runs of "
             "five words; duplicates.tsv lists them");
  command
      .add_option("--drop-repeated-lines", settings.max_documents_of_line,
                  "Drop each line that stands in more than N documents, such as licences and headers; in running text "
                  "a line is a paragraph; repeated-lines.tsv lists them; 0: drop none")
      .not_negative()
      .type_name("N")
      .show_default();
}

}  // namespace

void add_corpus_build_command(Command& corpus) {
  Command command = corpus.add_subcommand("build", "Build a corpus from raw text");
  command.example(
      "albert corpus build --input texts/ --tokenizer tokenizer --language en --output corpus\n"
      "albert corpus build --part 3/8 --input texts/ --tokenizer tokenizer --output parts");
  auto arguments = std::make_shared<BuildArguments>();
  corpus::BuildOptions& options = arguments->build;
  add_input_options(command, options.inputs);
  command.add_option("-t,--tokenizer", arguments->tokenizer, "Tokenizer folder, or a spiece.model or vocab.txt")
      .required()
      .type_name("PATH");
  add_output(command, options.output, options.overwrite,
             "Folder to write the corpus to; with --part, to hold the parts")
      .required()
      .type_name("DIR");
  command
      .add_option("--part", arguments->part,
                  "Build the I-th of N parts only, which `albert corpus merge` puts together: the same corpus as one "
                  "build writes. A part that is there and whole is left as it is. What comes through a pipe is the "
                  "part already")
      .type_name("I/N");
  add_reader_options(command, options.reader);
  command
      .add_option("--language", options.language,
                  "Language of the text, which decides where sentences end: en, de, zh, ...")
      .show_default();
  add_assembly_options(command, options.assembly);
  command.add_option("--threads", options.num_threads, "Threads that split and encode; 0: all cores")
      .within(0, 1024)
      .show_default();
  command.callback([=] { build(*arguments); });
}

void add_corpus_merge_command(Command& corpus) {
  Command command = corpus.add_subcommand("merge", "Put a corpus together from the parts that build --part wrote");
  command.example("albert corpus merge parts --output corpus");
  auto arguments = std::make_shared<MergeArguments>();
  command.add_option("parts", arguments->parts, "Folders with parts, or parts: together each part once")
      .required()
      .type_name("DIR...");
  add_output(command, arguments->output, arguments->overwrite, "Folder to write the corpus to")
      .required()
      .type_name("DIR");
  command.callback([=] { merge(*arguments); });
}

}  // namespace albert::cli
