#include "text/trainer.h"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include <sentencepiece_trainer.h>
#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/shown.h"
#include "base/utf8.h"
#include "text/extended_tokenizer.h"
#include "text/sentencepiece_tokenizer.h"
#include "text/special_tokens.h"
#include "text/stripped_marks.h"
#include "text/token_finder.h"
#include "text/words.h"

namespace albert::text {

namespace {

using Arguments = std::unordered_map<std::string, std::string>;
using Lines = std::vector<std::string>;

/// SentencePiece's result depends, in the last bits, on its number of threads: it is fixed, so that every machine gets
/// the same vocabulary.
constexpr const char* kTrainerThreads = "16";
/// SentencePiece leaves out longer lines; its default of 4192 bytes would drop long paragraphs.
constexpr const char* kAnyLength = "1000000000";

/// The lines of a sample as SentencePiece takes them, normalised one by one when their turn comes, but for what is
/// found in them as it stands.
class NormalizedLines final : public sentencepiece::SentenceIterator {
 public:
  NormalizedLines(const std::vector<std::string>& lines, const Normalizer& normalizer, const TokenFinder& verbatim)
      : lines_(lines), normalizer_(normalizer), verbatim_(verbatim) {
    load();
  }
  bool done() const override { return next_ >= lines_.size(); }
  void Next() override {
    ++next_;
    load();
  }
  const std::string& value() const override { return value_; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  void load() {
    if (done()) return;
    const std::string_view line = lines_[next_];
    value_.clear();
    const auto on_text = [&](std::size_t begin, std::size_t end) {
      normalizer_.normalize(line.substr(begin, end - begin), normalized_);
      value_ += normalized_.text;
    };
    const auto on_token = [&](const TokenFinder::Match& match) {
      value_ += line.substr(match.begin, match.end - match.begin);
    };
    TokenFinder::split(line.size(), verbatim_.find(line), on_text, on_token);
    // SentencePiece leaves out a whole line for a NUL in it.
    std::ranges::replace(value_, '\0', ' ');
  }

  const std::vector<std::string>& lines_;
  const Normalizer& normalizer_;
  const TokenFinder& verbatim_;
  NormalizedText normalized_;
  std::string value_;
  std::size_t next_ = 0;
};

/// The symbols that a normalised text would not have.
TokenFinder verbatim_symbols(const TrainerSettings& settings, const Normalizer& normalizer) {
  std::vector<std::pair<std::string, AddedToken>> symbols;
  for (const std::string& symbol : settings.user_defined_symbols) {
    if (!normalizer.keeps(symbol)) symbols.emplace_back(symbol, AddedToken{.content = symbol});
  }
  return TokenFinder(std::move(symbols));
}

/// A list as SentencePiece parses it: separated by commas, a quotation mark doubled and in quotation marks.
std::string comma_separated(const std::vector<std::string>& items) {
  std::string list;
  for (const std::string& item : items) {
    if (!list.empty()) list += ',';
    list += '"';
    for (const char c : item) list += c == '"' ? std::string("\"\"") : std::string(1, c);
    list += '"';
  }
  return list;
}

Arguments arguments_for(const TrainerSettings& settings) {
  return {
      {"model_type", "unigram"},
      {"vocab_size", std::to_string(settings.vocabulary_size)},
      {"character_coverage", fmt::format("{}", settings.character_coverage)},
      {"pad_id", "0"},
      {"unk_id", "1"},
      {"bos_id", "-1"},
      {"eos_id", "-1"},
      {"pad_piece", std::string(kPadToken)},
      {"unk_piece", std::string(kUnknownToken)},
      {"control_symbols", comma_separated({std::string(kClsToken), std::string(kSepToken), std::string(kMaskToken)})},
      {"user_defined_symbols", comma_separated(settings.user_defined_symbols)},
      {"normalization_rule_name", "identity"},
      {"max_sentence_length", kAnyLength},
      {"num_threads", kTrainerThreads},
      {"minloglevel", "1"}};
}

/// The serialised model of a run of SentencePiece's trainer.
/// Throws what `explain` makes of its error message.
template <typename Explain>
std::string run_trainer(const Arguments& arguments, NormalizedLines sentences, const Explain& explain) {
  std::string model;
  const auto status = sentencepiece::SentencePieceTrainer::Train(arguments, &sentences, &model);
  if (!status.ok()) explain(status.ToString());
  return model;
}

/// A model with SentencePiece's nmt_nfkc map. The library compiles the map into every model it trains, and shows it in
/// no other way.
std::string train_smallest_model() {
  const Arguments arguments = {{"model_type", "char"},
                               {"vocab_size", "8"},
                               {"hard_vocab_limit", "false"},
                               {"minloglevel", "2"},
                               {"normalization_rule_name", "nmt_nfkc"}};
  const Lines lines = {"a"};
  const Normalizer no_map({}, "");
  const TokenFinder nothing({});
  return run_trainer(arguments, NormalizedLines(lines, no_map, nothing), [](const std::string& message) {
    throw InternalError("SentencePiece cannot make its nmt_nfkc map: {}", message);
  });
}

/// The digits behind a text in a message of SentencePiece; nothing if it has no such text.
std::optional<std::string> number_behind(std::string_view message, std::string_view text) {
  const std::size_t place = message.find(text);
  if (place == std::string_view::npos) return std::nullopt;
  message.remove_prefix(place + text.size());
  return std::string(message.substr(0, message.find_first_not_of("0123456789")));
}

[[noreturn]] void explain_failure(const std::string& message, const TrainerSettings& settings) {
  if (const auto largest = number_behind(message, "Please set it to a value <= ")) {
    throw UsageError(
        "this text has no {} different pieces; the largest possible vocabulary is {}: ask for that, or give more text",
        settings.vocabulary_size, *largest);
  }
  const std::string needed = fmt::format("smaller than required_chars. {} vs ", settings.vocabulary_size);
  if (const auto characters = number_behind(message, needed)) {
    throw UsageError(
        "a vocabulary of {} pieces cannot hold the characters of this text, which need {}; ask for more pieces, or for "
        "less than {} of the characters",
        settings.vocabulary_size, *characters, settings.character_coverage);
  }
  throw DataError("SentencePiece could not train a vocabulary of {} pieces: {}", settings.vocabulary_size, message);
}

void check_symbols(const std::vector<std::string>& symbols) {
  const auto refuse = [](const std::string& symbol, std::string_view reason) {
    throw UsageError("--user-defined-symbols {}: {}", in_quotes(symbol), reason);
  };
  std::set<std::string_view> seen;
  for (const std::string& symbol : symbols) {
    if (symbol.empty()) refuse(symbol, "a symbol needs a character; leave the empty one out");
    if (!is_utf8(symbol)) refuse(symbol, "expected text in UTF-8");
    if (symbol == kWordMark) refuse(symbol, "the mark of a word's beginning, which every vocabulary has; leave it out");
    if (!seen.insert(symbol).second) refuse(symbol, "the symbol is named twice; name it once");
    if (std::ranges::find(kSpecialTokens, symbol) != kSpecialTokens.end()) {
      refuse(symbol, "a special token, which every vocabulary has; leave it out");
    }
  }
}

Lines take_sample(const KeyedLineSource& source, const TrainerSettings& settings) {
  LineSample sample(settings.seed, settings.sample_lines, settings.sample_bytes);
  std::uint64_t key = 0;
  for (std::string line; source(line, key);) sample.add(line, key);
  if (sample.size() < sample.lines_seen()) {
    log_info("training on a sample of {} of {} lines", sample.size(), sample.lines_seen());
  }
  return sample.take();
}

bool has_words(const Lines& lines, const Normalizer& normalizer) {
  NormalizedText normalized;
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
    normalizer.normalize(line, normalized);
    return WordReader(normalized.text).next();
  });
}

void warn_of_stripped_letters(const Lines& lines, const Normalizer& normalizer) {
  const std::vector<std::string> losses = find_stripped_letters(lines, normalizer);
  if (losses.empty()) return;
  log_warning(
      "accents and vowel signs are taken out of the text, and with them letters of {}: different words become one; "
      "give --keep-accents to keep them",
      fmt::join(losses, ", "));
}

}  // namespace

void check(const TrainerSettings& settings) {
  const std::size_t fixed = kSpecialTokens.size() + settings.user_defined_symbols.size();
  if (settings.vocabulary_size <= static_cast<std::int64_t>(fixed)) {
    throw UsageError("a vocabulary needs more than {} pieces, since so many are special or user-defined; asked for {}",
                     fixed, settings.vocabulary_size);
  }
  if (!(settings.character_coverage >= kMinCharacterCoverage && settings.character_coverage <= 1)) {
    throw UsageError("--character-coverage {}: expected a number from {} to 1", settings.character_coverage,
                     kMinCharacterCoverage);
  }
  check_symbols(settings.user_defined_symbols);
}

std::shared_ptr<const Tokenizer> train_tokenizer(const LineSource& lines, const TrainerSettings& settings) {
  const auto with_place = [&lines, place = std::uint64_t{0}](std::string& line, std::uint64_t& key) mutable {
    key = place++;
    return lines(line);
  };
  return train_tokenizer(KeyedLineSource(with_place), settings);
}

std::shared_ptr<const Tokenizer> train_tokenizer(const KeyedLineSource& lines, const TrainerSettings& settings) {
  check(settings);  // before the lines are read
  return train_tokenizer_on_sample(take_sample(lines, settings), settings);
}

std::shared_ptr<const Tokenizer> train_tokenizer_on_sample(const Lines& sample, const TrainerSettings& settings) {
  check(settings);
  const std::string map_donor = train_smallest_model();
  const Normalizer normalizer(settings.tokenizer, SentencePieceModel::parse_charsmap(map_donor));
  if (!has_words(sample, normalizer)) throw DataError("there is no text to train a vocabulary on");
  if (!settings.tokenizer.keep_accents) warn_of_stripped_letters(sample, normalizer);
  const TokenFinder verbatim = verbatim_symbols(settings, normalizer);
  log_info("training {} pieces on {} lines", settings.vocabulary_size, sample.size());
  const Heartbeat heartbeat("training the vocabulary");
  const std::string trained = run_trainer(arguments_for(settings), NormalizedLines(sample, normalizer, verbatim),
                                          [&](const std::string& message) { explain_failure(message, settings); });
  const std::string name = "the trained model";
  return with_verbatim_symbols(std::make_shared<SentencePieceTokenizer>(
      SentencePieceModel::parse(with_normalizer_of(trained, map_donor), name), settings.tokenizer, name));
}

}  // namespace albert::text
