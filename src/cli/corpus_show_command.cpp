#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/commands.h"
#include "config/configuration.h"
#include "corpus/examples/example_text.h"
#include "corpus/examples/examples.h"
#include "corpus/store/corpus.h"
#include "text/tokenizer.h"

namespace albert::cli {

namespace {

struct ShowOptions {
  std::string corpus;
  std::uint64_t example = 0;
  std::uint64_t count = 1;
  std::uint64_t epoch = 0;
  std::uint64_t seed = 1;
  double progress = 1;
  std::vector<std::string> assignments;
  bool held_out = false;
  bool json = false;
};

/// The part of a pretraining configuration that decides what an example is, under the keys it has there.
struct DataPart {
  corpus::ExampleConfig data;

  void fields(config::Fields& f) { f.group("data", data, "how examples are made"); }
  void check(config::Checks& c) const { data.check(c, "data."); }
};

void show(const ShowOptions& options) {
  if (!(options.progress >= 0 && options.progress <= 1)) {
    throw UsageError("--progress {}: expected a share of the run, from 0 to 1", options.progress);
  }
  config::Configuration document;
  for (const std::string& assignment : options.assignments) document.add_assignment(assignment);
  const auto config = document.read<DataPart>().data;

  const auto corpus = corpus::Corpus::open(options.corpus);
  const auto tokenizer = text::Tokenizer::open(corpus->tokenizer_folder());
  const corpus::Split split = options.held_out ? corpus::Split::kHeldOut : corpus::Split::kTrain;
  const auto epoch = corpus::PretrainingExamples(corpus, split, *tokenizer, config, options.seed).epoch(options.epoch);
  if (options.count == 0 || options.example >= epoch->size() || options.count > epoch->size() - options.example) {
    throw UsageError("--example {} --count {}: epoch {} has the examples 0 to {}", options.example, options.count,
                     options.epoch, epoch->size() - 1);
  }
  for (std::uint64_t i = options.example; i < options.example + options.count; ++i) {
    const corpus::Example example = epoch->make(i, config.masking_rate.value_at(options.progress));
    if (options.json) {
      fmt::print("{}", corpus::example_json(example));
    } else {
      fmt::print("{} example {} of {}, epoch {}, seed {}\n", to_string(split), i, epoch->size(), options.epoch,
                 options.seed);
      fmt::print("{}", corpus::example_text(example, *tokenizer, config.pair_objective));
    }
  }
}

}  // namespace

void add_corpus_show_command(Command& corpus) {
  Command command = corpus.add_subcommand("show", "Print a pretraining example as the model will see it");
  command.example("albert corpus show corpus --example 0 --set data.max_sequence_length=128");
  auto options = std::make_shared<ShowOptions>();
  command.add_option("corpus", options->corpus, "Corpus folder").required().type_name("DIR");
  command.add_option("-n,--example", options->example, "Number of the example in the epoch's random order, from 0")
      .not_negative()
      .show_default();
  command.add_option("-c,--count", options->count, "How many examples to print, one after the other")
      .positive()
      .show_default();
  command.add_option("-e,--epoch", options->epoch, "Epoch, from 0").not_negative().show_default();
  command
      .add_option("--progress", options->progress,
                  "Share of the run that is over, from 0 to 1, where data.masking_rate changes")
      .show_default();
  command.add_option("--seed", options->seed, "The run's train.seed").not_negative().show_default();
  command
      .add_option("--set", options->assignments,
                  "Settings as in the run's configuration: data.max_sequence_length=128, data.mask_unit=words, ...")
      .type_name("KEY=VALUE");
  command.add_flag("--held-out", options->held_out,
                   "Take examples of the held-out documents; runs evaluate on those of --seed 0");
  command.add_flag("--json", options->json, "Print one JSON object per line");
  command.callback([options] { show(*options); });
}

}  // namespace albert::cli
