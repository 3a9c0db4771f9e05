#include <memory>
#include <string>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/shown.h"
#include "cli/commands.h"
#include "corpus/store/manifest.h"
#include "corpus/store/summary.h"
#include "corpus/store/verify.h"

namespace albert::cli {

namespace {

void verify(const std::string& folder) {
  const corpus::Verification result = corpus::verify(folder);
  for (const std::string& problem : result.problems) log_error("{}", problem);
  if (!result.problems.empty()) {
    throw DataError("{} is damaged: {}; build the corpus again", folder, counted(result.problems.size(), "problem"));
  }
  fmt::print("{}: {}, {}, every byte is as it was written\n", printable(folder), counted(result.num_files, "file"),
             format_bytes(result.size_bytes));
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
    fmt::print("{}", *json ? corpus::summary_json(manifest) : corpus::summary_text(manifest));
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
  add_corpus_build_command(corpus);
  add_corpus_merge_command(corpus);
  add_info(corpus);
  add_verify(corpus);
  add_corpus_show_command(corpus);
}

}  // namespace albert::cli
