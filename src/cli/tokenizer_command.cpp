#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include "base/atomic_folder.h"
#include "base/file.h"
#include "base/output.h"
#include "base/shown.h"
#include "cli/commands.h"
#include "cli/output_option.h"
#include "cli/standard_input.h"
#include "cli/tokenizer_output.h"
#include "text/extended_tokenizer.h"
#include "text/line_codec.h"
#include "text/sentencepiece_tokenizer.h"
#include "text/special_tokens.h"
#include "text/unreachable_pieces.h"
#include "text/wordpiece_tokenizer.h"

namespace albert::cli {
namespace {

constexpr const char* kTokenizerHelp = "A tokenizer or model folder, or a bare spiece.model or vocab.txt";

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
  AtomicFolder folder(tokenizer_output({options.output, options.overwrite}));
  const auto tokenizer = make_tokenizer(options);
  text::warn_of_unreachable_pieces(*tokenizer, options.vocabulary);
  write_tokenizer(*text::with_verbatim_symbols(tokenizer), folder, options.output);
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
    added.push_back(fmt::format("{} {}", printable(token.content), token.id));
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
  command.add_option("--tokenizer", path, kTokenizerHelp).required().type_name("PATH");
}

void add_convert(Command& program) {
  Command command = program.add_subcommand("convert", "Make a tokenizer folder from a bare vocabulary file");
  command.example("albert tokenizer convert --tokenizer vocab.txt --output tokenizer");
  auto options = std::make_shared<ConvertOptions>();
  command.add_option("--tokenizer", options->vocabulary, "A SentencePiece model, or a WordPiece vocabulary (.txt)")
      .required()
      .existing_file()
      .type_name("PATH");
  add_output(command, options->output, options->overwrite, kTokenizerOutputHelp).required();
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
  command.add_option("tokenizer,--tokenizer", *path, kTokenizerHelp).required().type_name("PATH");
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
  add_tokenizer_train_command(command);
  add_tokenizer_sample_command(command);
  add_convert(command);
  add_encode(command);
  add_decode(command);
  add_info(command);
  add_tokenizer_extend_command(command);
  add_tokenizer_replace_command(command);
}

}  // namespace albert::cli
