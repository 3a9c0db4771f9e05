#include <cstdio>
#include <memory>
#include <string>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "base/progress.h"
#include "cli/commands.h"
#include "cli/reader_options.h"
#include "corpus/builder.h"
#include "corpus/manifest.h"
#include "corpus/summary.h"
#include "corpus/verify.h"
#include "text/tokenizer.h"

namespace albert::cli {

namespace {

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void build(const corpus::BuildOptions& options, const std::string& tokenizer) {
  const corpus::Manifest manifest = corpus::build_corpus(options, *text::Tokenizer::open(tokenizer));
  log_info("wrote the corpus {}", options.output.string());
  print(corpus::summary_text(manifest));
}

void verify(const std::string& folder) {
  const corpus::Verification result = corpus::verify(folder);
  for (const std::string& problem : result.problems) log_error("{}", problem);
  if (!result.problems.empty()) {
    throw DataError("{} is damaged: {}; build the corpus again", folder, counted(result.problems.size(), "problem"));
  }
  print(fmt::format("{}: {}, {}, every byte is as it was written\n", folder, counted(result.num_files, "file"),
                    format_bytes(result.size_bytes)));
}

void add_build(Command& corpus) {
  Command command = corpus.add_subcommand("build", "Build a corpus from raw text");
  command.example("albert corpus build --input texts/ --tokenizer tokenizer --language en --output corpus");
  auto options = std::make_shared<corpus::BuildOptions>();
  auto tokenizer = std::make_shared<std::string>();
  command
      .add_option("-i,--input", options->inputs,
                  "Text to read: files, folders, patterns or -, standard input; plain, .gz, .zst or .xz")
      .required()
      .or_standard_input(/*is_read_once=*/true)
      .type_name("PATH...");
  command.add_option("-t,--tokenizer", *tokenizer, "Tokenizer folder, or a spiece.model or vocab.txt")
      .required()
      .type_name("PATH");
  command.add_option("-o,--output", options->output, "Folder to write the corpus to").required().type_name("DIR");
  add_reader_options(command, options->reader);
  command
      .add_option("--language", options->language,
                  "Language of the text, which decides where sentences end: en, de, zh, ...")
      .show_default();
  command
      .add_option("--held-out", options->held_out,
                  "Share of the documents to keep for evaluation: at least one document, but none if there is only one")
      .within(0.0, 1.0)
      .show_default();
  command.add_option("--threads", options->num_threads, "Threads that split and encode; 0: all cores")
      .within(0, 1024)
      .show_default();
  command.add_flag("--overwrite", options->overwrite, "Replace the corpus at the output");
  command.callback([=] { build(*options, *tokenizer); });
}

void add_info(Command& corpus) {
  Command command = corpus.add_subcommand("info", "Print what a corpus holds");
  command.example("albert corpus info corpus");
  auto folder = std::make_shared<std::string>();
  auto json = std::make_shared<bool>(false);
  command.add_option("corpus", *folder, "Corpus folder").required().type_name("DIR");
  command.add_flag("--json", *json, "Print a JSON object");
  command.callback([=] {
    const corpus::Manifest manifest = corpus::read_manifest(*folder);
    print(*json ? corpus::summary_json(manifest) : corpus::summary_text(manifest));
  });
}

void add_verify(Command& corpus) {
  Command command = corpus.add_subcommand("verify", "Read every byte of a corpus and compare it with the manifest");
  command.example("albert corpus verify corpus");
  auto folder = std::make_shared<std::string>();
  command.add_option("corpus", *folder, "Corpus folder").required().type_name("DIR");
  command.callback([=] { verify(*folder); });
}

}  // namespace

void add_corpus_command(Command& program) {
  Command corpus = program.add_subcommand("corpus", "Build, describe and check corpora for pretraining");
  corpus.example("albert corpus build --help");
  corpus.require_subcommand();
  add_build(corpus);
  add_info(corpus);
  add_verify(corpus);
  add_corpus_show_command(corpus);
}

}  // namespace albert::cli
