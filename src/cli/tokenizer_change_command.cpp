#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "base/atomic_folder.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "base/shown.h"
#include "cli/commands.h"
#include "cli/output_option.h"
#include "cli/reader_options.h"
#include "corpus/document_lines.h"
#include "corpus/document_stream.h"
#include "corpus/inputs.h"
#include "inference/open_model.h"
#include "interop/vocabulary_change.h"
#include "text/new_words.h"
#include "text/tokenizer.h"
#include "text/vocabulary_change.h"

namespace albert::cli {

namespace {

constexpr const char* kModelHelp = "Model folder, pretrained or fine-tuned, or the folder of a run";
constexpr const char* kOutputHelp = "Folder to write the model to";

struct ExtendOptions {
  std::filesystem::path model;
  std::optional<std::filesystem::path> words;
  corpus::InputOptions inputs;
  corpus::ReaderOptions reader;
  std::uint64_t max_pieces = 1000;
  std::filesystem::path output;
  bool overwrite = false;
};

struct ReplaceOptions {
  std::filesystem::path model;
  std::filesystem::path tokenizer;
  std::filesystem::path output;
  bool overwrite = false;
};

std::vector<std::string> words_of_file(const ExtendOptions& options, const text::Tokenizer& tokenizer) {
  text::NewWords read = text::read_new_words(*options.words, tokenizer);
  if (!read.known.empty()) {
    log_info("{}: left out {}, which the vocabulary has already, or the file twice: {}", options.words->string(),
             counted(read.known.size(), "word"), listed(read.known));
  }
  if (read.words.empty()) throw DataError("{}: expected new words, found none", options.words->string());
  return std::move(read.words);
}

/// Extends a vocabulary by words of texts, and says what they save.
text::VocabularyChange extend_from_texts(const ExtendOptions& options, const std::vector<corpus::InputFile>& files,
                                         const text::Tokenizer& tokenizer) {
  text::WordCounts counts(tokenizer);
  corpus::DocumentLines lines(files, options.reader);
  for (std::string line; lines.next(line);) counts.add(line);
  const std::vector<std::string> words = counts.best(options.max_pieces);
  if (words.empty()) {
    throw DataError(
        "--from-corpus: of {} tokens no word that occurs {} times or more has several pieces: there is "
        "nothing to add",
        grouped(counts.num_tokens()), text::WordCounts::kMinCount);
  }
  text::VocabularyChange change = text::extend_vocabulary(tokenizer, words);
  const std::uint64_t after = counts.num_tokens_with(*change.tokenizer);
  const auto saved = static_cast<double>(counts.num_tokens() - after);
  fmt::print("the text has {} tokens, {} with the new pieces: {} fewer\n", grouped(counts.num_tokens()), grouped(after),
             percent(saved / static_cast<double>(counts.num_tokens())));
  return change;
}

void extend(const ExtendOptions& options) {
  interop::check_changed_model_output({options.output, options.overwrite});
  const inference::ModelFolder source = inference::open_model_folder(options.model);
  AtomicFolder target(options.output);  // before the work: it may not be possible to write there
  std::vector<corpus::InputFile> files;
  if (!options.words) {
    files = corpus::discover_inputs(options.inputs);
    corpus::require_apart(options.output, options.inputs, files);
  }
  const text::VocabularyChange change =
      options.words ? text::extend_vocabulary(*source.tokenizer, words_of_file(options, *source.tokenizer))
                    : extend_from_texts(options, files, *source.tokenizer);
  if (!change.left_out.empty()) {
    log_warning(
        "left out {}, which would not be found as one piece in a text (an added token is in it, or it ends in "
        "a digit and a comma): {}",
        counted(change.left_out.size(), "word"), listed(change.left_out));
  }
  if (change.num_from_pieces + change.num_from_all == 0) throw DataError("there is no word to add");
  const std::int64_t rows = interop::write_with_vocabulary(target.temporary(), source, change);
  target.commit();
  fmt::print("{}: {} added behind {}, {} rows{}\n", printable(options.output.string()),
             counted(change.num_from_pieces + change.num_from_all, "piece"), grouped(change.num_pieces_before),
             grouped(rows),
             change.num_from_all == 0 ? ""
                                      : fmt::format("; {} of the new pieces start from the mean of all pieces, since "
                                                    "the vocabulary knows nothing of them",
                                                    change.num_from_all));
}

void replace(const ReplaceOptions& options) {
  interop::check_changed_model_output({options.output, options.overwrite});
  const inference::ModelFolder source = inference::open_model_folder(options.model);
  AtomicFolder target(options.output);
  const text::VocabularyChange change =
      text::replace_vocabulary(*source.tokenizer, text::Tokenizer::open(options.tokenizer));
  const std::int64_t rows = interop::write_with_vocabulary(target.temporary(), source, change);
  target.commit();
  fmt::print("{}: {} pieces in the place of {}: {} kept, {} from their old pieces, {} from the mean of all\n",
             printable(options.output.string()), grouped(rows), grouped(change.num_pieces_before),
             grouped(change.num_kept), grouped(change.num_from_pieces), grouped(change.num_from_all));
}

/// Refuses options of the other way to name words.
void check_words(const Command& command, const ExtendOptions& options) {
  if (options.words.has_value() == !options.inputs.paths.empty()) {
    throw UsageError("expected either --add FILE or --from-corpus PATH..., found {}",
                     options.words ? "both" : "neither");
  }
  if (!options.words) return;
  for (const char* name : {"--max-pieces", "--include", "--exclude", "--format", "--document-separator", "--json-field",
                           "--paragraph-break", "--skip-unreadable"}) {
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
  auto options = std::make_shared<ExtendOptions>();
  command.add_option("--model", options->model, kModelHelp).required();
  command.add_option("--add", options->words, "File with a word a line, or -, standard input: each becomes one piece")
      .or_standard_input(/*is_read_once=*/true)
      .type_name("FILE");
  add_text_options(command, "--from-corpus", options->inputs);
  command
      .add_option("--max-pieces", options->max_pieces,
                  "With --from-corpus: add at most so many words, those that save the most tokens")
      .positive()
      .show_default();
  add_reader_options(command, options->reader);
  add_output(command, options->output, options->overwrite, kOutputHelp).required();
  command.callback([options, command] {
    check_words(command, *options);
    extend(*options);
  });
}

void add_tokenizer_replace_command(Command& tokenizer) {
  Command command = tokenizer.add_subcommand(
      "replace", "Put a new vocabulary over a trained model, which keeps the rows of the pieces that both have");
  command.example("albert tokenizer replace --model albert-base --tokenizer tokenizer --output albert-german");
  auto options = std::make_shared<ReplaceOptions>();
  command.add_option("--model", options->model, kModelHelp).required();
  command
      .add_option("--tokenizer", options->tokenizer, "The new one: a tokenizer folder, or a spiece.model or vocab.txt")
      .required();
  add_output(command, options->output, options->overwrite, kOutputHelp).required();
  command.callback([options] { replace(*options); });
}

}  // namespace albert::cli
