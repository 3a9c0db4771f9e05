#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <unistd.h>

#include "base/atomic_folder.h"
#include "base/destination.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/output.h"
#include "cli/commands.h"
#include "cli/output_option.h"
#include "cli/reader_options.h"
#include "cli/standard_input.h"
#include "corpus/document_lines.h"
#include "corpus/inputs.h"
#include "corpus/manifest.h"
#include "corpus/sample_part.h"
#include "text/extended_tokenizer.h"
#include "text/line_codec.h"
#include "text/sentencepiece_tokenizer.h"
#include "text/special_tokens.h"
#include "text/tokenizer_files.h"
#include "text/trainer.h"
#include "text/unreachable_pieces.h"
#include "text/wordpiece_tokenizer.h"

namespace albert::cli {
namespace {

constexpr const char* kTokenizerHelp = "A tokenizer or model folder, or a bare spiece.model or vocab.txt";
constexpr const char* kOutputHelp = "Folder to write the tokenizer to";
constexpr const char* kCasedHelp = "Keep upper case";
constexpr const char* kAccentsHelp = "Keep accents and other combining marks, as the vowel signs of Hindi or Thai";

struct TrainOptions {
  corpus::InputOptions inputs;
  std::vector<fs::path> samples;
  fs::path output;
  bool overwrite = false;
  corpus::ReaderOptions reader;
  text::TrainerSettings trainer;
};

struct ConvertOptions {
  std::string vocabulary;
  fs::path output;
  bool overwrite = false;
  bool lower_case = true;
  bool keep_accents = false;
  bool split_ideographs = true;
};

struct LineOptions {
  std::string tokenizer;
  text::LineFormat format;
};

/// What a folder holds that no tokenizer has.
std::string why_no_tokenizer(const fs::path& folder) {
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    const bool ours = name == text::kModelFile || name == text::kVocabularyFile || name == text::kConfigFile ||
                      name == text::kTokenizerFile || name == text::kSpecialTokensFile;
    if (!ours) return fmt::format("it holds {}, which no tokenizer has", name);
  }
  return "";
}

void check_output(const Output& output) {
  const fs::path place = destination_of(output.path);
  const bool is_of_corpus = place.filename() == "tokenizer" && fs::exists(place.parent_path() / corpus::kManifestName);
  if (fs::exists(place) && is_of_corpus) {
    throw UsageError("--output {} is the tokenizer of the corpus {}, which was encoded with it; name another folder",
                     output.path.string(), place.parent_path().string());
  }
  check_output_folder(output, "tokenizer", why_no_tokenizer);
}

void write(const text::Tokenizer& tokenizer, AtomicFolder& folder, const fs::path& output) {
  tokenizer.save(folder.temporary());
  folder.commit();
  log_info("wrote a vocabulary of {} pieces to {}", tokenizer.vocabulary_size(), output.string());
}

std::shared_ptr<const text::Tokenizer> train_on_input(const TrainOptions& options) {
  const std::vector<corpus::InputFile> files = corpus::discover_inputs(options.inputs);
  corpus::require_apart(options.output, options.inputs, files);
  corpus::DocumentLines lines(files, options.reader);
  const text::KeyedLineSource next = [&lines](std::string& line, std::uint64_t& key) {
    const bool is_there = lines.next(line);
    key = lines.key();
    return is_there;
  };
  return text::train_tokenizer(next, options.trainer);
}

void train(const TrainOptions& options) {
  check_output({options.output, options.overwrite});
  AtomicFolder folder(options.output);  // before the work: it may not be possible to write there
  if (options.samples.empty()) return write(*train_on_input(options), folder, options.output);
  const std::vector<std::string> sample =
      corpus::merge_samples(corpus::find_parts(options.samples, corpus::PartKind::kSample));
  write(*text::train_tokenizer_on_sample(sample, options.trainer), folder, options.output);
}

/// Refuses what says how to draw a sample where samples are given.
void check_sources(const Command& command, const TrainOptions& options) {
  if (options.samples.empty() == options.inputs.paths.empty()) {
    throw UsageError("expected either --input PATH... or --sample DIR..., found {}",
                     options.samples.empty() ? "neither" : "both");
  }
  if (options.samples.empty()) return;
  for (const char* name : {"--include", "--exclude", "--format", "--document-separator", "--json-field",
                           "--paragraph-break", "--skip-unreadable", "--sample-lines", "--seed"}) {
    if (command.has(name))
      throw UsageError("{} is for --input: a sample of --sample was drawn before; leave it out", name);
  }
}

std::shared_ptr<const text::VocabularyTokenizer> make_tokenizer(const ConvertOptions& options) {
  const std::string& file = options.vocabulary;
  const std::string bytes = read_file(file);
  if (fs::path(file).extension() != ".txt") {
    const text::TokenizerSettings settings{.do_lower_case = options.lower_case, .keep_accents = options.keep_accents};
    return std::make_shared<text::SentencePieceTokenizer>(text::SentencePieceModel::parse(bytes, file), settings, file);
  }
  text::WordPieceSettings settings{.do_lower_case = options.lower_case,
                                   .strip_accents = std::nullopt,
                                   .tokenize_chinese_chars = options.split_ideographs};
  if (options.keep_accents) settings.strip_accents = false;
  return std::make_shared<text::WordPieceTokenizer>(text::WordPieceVocabulary::parse(bytes, file), settings);
}

void convert(const ConvertOptions& options) {
  check_output({options.output, options.overwrite});
  AtomicFolder folder(options.output);
  const auto tokenizer = make_tokenizer(options);
  text::warn_of_unreachable_pieces(*tokenizer, options.vocabulary);
  write(*text::with_verbatim_symbols(tokenizer), folder, options.output);
}

void print_info(const std::string& path) {
  const auto tokenizer = text::Tokenizer::open(path);
  const bool is_wordpiece = tokenizer->kind() == text::VocabularyKind::kWordPiece;
  std::vector<std::string> special;
  for (const std::int32_t id : text::in_order(tokenizer->special())) {
    special.push_back(fmt::format("{} {}", tokenizer->piece(id), id));
  }
  std::vector<std::string> added;
  for (const text::AddedToken& token : tokenizer->added_tokens()) {
    added.push_back(fmt::format("{} {}", token.content, token.id));
  }
  std::int32_t word_starts = 0;
  for (std::int32_t id = 0; id < tokenizer->vocabulary_size(); ++id) word_starts += tokenizer->starts_word(id) ? 1 : 0;
  std::cout << fmt::format("kind            {}\n", is_wordpiece ? "WordPiece" : "SentencePiece")
            << fmt::format("pieces          {}\n", tokenizer->vocabulary_size())
            << fmt::format("begin a word    {}\n", word_starts)
            << fmt::format("lower-cased     {}\n", tokenizer->settings().do_lower_case ? "yes" : "no")
            << fmt::format("accents         {}\n", tokenizer->settings().keep_accents ? "kept" : "stripped")
            << fmt::format("special tokens  {}\n", fmt::join(special, ", "))
            << (added.empty() ? "" : fmt::format("added tokens    {}\n", fmt::join(added, ", ")))
            << fmt::format("fingerprint     {}\n", tokenizer->fingerprint());
}

void add_tokenizer_option(Command& command, std::string& path) {
  command.add_option("--tokenizer", path, kTokenizerHelp).required();
}

void add_train(Command& program) {
  Command command = program.add_subcommand("train", "Learn a vocabulary from text and write a tokenizer folder");
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
  add_output(command, options->output, options->overwrite, kOutputHelp).required();
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

void add_convert(Command& program) {
  Command command = program.add_subcommand("convert", "Make a tokenizer folder from a bare vocabulary file");
  command.example("albert tokenizer convert --tokenizer vocab.txt --output tokenizer");
  auto options = std::make_shared<ConvertOptions>();
  command.add_option("--tokenizer", options->vocabulary, "A SentencePiece model, or a WordPiece vocabulary (.txt)")
      .required()
      .existing_file();
  add_output(command, options->output, options->overwrite, kOutputHelp).required();
  command.add_flag(
      "--cased", [options] { options->lower_case = false; }, kCasedHelp);
  command.add_flag("--keep-accents", options->keep_accents, kAccentsHelp);
  command.add_flag(
      "--ideographs-in-words", [options] { options->split_ideographs = false; },
      "WordPiece: do not make every ideograph a word of its own");
  command.callback([options] { convert(*options); });
}

void add_encode(Command& program) {
  Command command = program.add_subcommand("encode", "Print a line of ids for every line of standard input");
  command.example("echo \"Hello, world!\" | albert tokenizer encode --tokenizer tokenizer --offsets");
  auto options = std::make_shared<LineOptions>();
  accept_dash(command);
  add_tokenizer_option(command, options->tokenizer);
  command.add_flag(
      "--no-special", [options] { options->format.special = false; }, "Leave out [CLS] and [SEP]");
  command.add_flag("--pieces", options->format.pieces, "Print pieces instead of ids");
  command.add_flag("--offsets", options->format.offsets, "Add :begin:end, the place in the text, in characters");
  command.add_flag("--pair", options->format.pair, "Each line holds two texts with a tab between them");
  command.callback([options] {
    text::encode_lines(*text::Tokenizer::open(options->tokenizer), STDIN_FILENO, std::cout, options->format);
  });
}

void add_decode(Command& program) {
  Command command = program.add_subcommand("decode", "Print the text for every line of ids on standard input");
  command.example("echo \"2 13 45 3\" | albert tokenizer decode --tokenizer tokenizer");
  auto options = std::make_shared<LineOptions>();
  options->format.special = false;
  accept_dash(command);
  add_tokenizer_option(command, options->tokenizer);
  command.add_flag("--keep-special", options->format.special, "Print special tokens too");
  command.add_flag("--pieces", options->format.pieces, "Read pieces instead of ids");
  command.callback([options] {
    text::decode_lines(*text::Tokenizer::open(options->tokenizer), STDIN_FILENO, std::cout, options->format);
  });
}

void add_info(Command& program) {
  Command command = program.add_subcommand("info", "Describe a vocabulary");
  command.example("albert tokenizer info tokenizer");
  auto path = std::make_shared<std::string>();
  command.add_option("tokenizer,--tokenizer", *path, kTokenizerHelp).required();
  command.callback([path] { print_info(*path); });
}

}  // namespace

void add_tokenizer_command(Command& program) {
  Command command =
      program.add_subcommand("tokenizer", "Train or change a vocabulary, and turn text into token ids and back");
  command.example("albert tokenizer train --help");
  command.require_subcommand();
  // Nothing else in the process writes to these streams through C's functions while a subcommand runs.
  std::ios::sync_with_stdio(false);
  add_train(command);
  add_tokenizer_sample_command(command);
  add_convert(command);
  add_encode(command);
  add_decode(command);
  add_info(command);
  add_tokenizer_extend_command(command);
  add_tokenizer_replace_command(command);
}

}  // namespace albert::cli
