#include "text/trainer.h"

#include <regex>
#include <unordered_map>
#include <utility>

#include <sentencepiece_trainer.h>

#include "base/error.h"
#include "base/log.h"
#include "text/line_sample.h"
#include "text/sentencepiece_tokenizer.h"
#include "text/special_tokens.h"
#include "text/word_counts.h"

namespace albert::text {
namespace {

using Arguments = std::unordered_map<std::string, std::string>;
using Words = std::vector<std::pair<std::string, std::uint64_t>>;

/// SentencePiece's result depends, in the last bits, on its number of threads: it is fixed, so that every machine gets
/// the same vocabulary.
constexpr const char* kTrainerThreads = "16";

/// Words with their counts as SentencePiece reads them: "word<TAB>count".
class CountedWords final : public sentencepiece::SentenceIterator {
 public:
  explicit CountedWords(const Words& words) : words_(words) { load(); }
  bool done() const override { return next_ > words_.size(); }
  void Next() override { load(); }
  const std::string& value() const override { return value_; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  void load() {
    if (next_ < words_.size()) value_ = words_[next_].first + "\t" + std::to_string(words_[next_].second);
    ++next_;
  }

  const Words& words_;
  std::size_t next_ = 0;
  std::string value_;
};

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
      {"input_format", "tsv"},
      {"num_threads", kTrainerThreads},
      {"minloglevel", "1"}};
}

/// The serialised model of a run of SentencePiece's trainer. Throws what `explain` makes of its error message.
template <typename Explain>
std::string run_trainer(const Arguments& arguments, const Words& words, const Explain& explain) {
  std::string model;
  CountedWords sentences(words);
  const auto status = sentencepiece::SentencePieceTrainer::Train(arguments, &sentences, &model);
  if (!status.ok()) explain(status.ToString());
  return model;
}

/// A model with SentencePiece's nmt_nfkc map. The library compiles the map into every model it trains, and shows it in
/// no other way.
std::string train_smallest_model() {
  const Arguments arguments = {{"model_type", "char"},  {"vocab_size", "8"},  {"hard_vocab_limit", "false"},
                               {"input_format", "tsv"}, {"minloglevel", "2"}, {"normalization_rule_name", "nmt_nfkc"}};
  return run_trainer(arguments, {{"a", 1}}, [](const std::string& message) {
    throw InternalError("SentencePiece cannot make its nmt_nfkc map: {}", message);
  });
}

[[noreturn]] void explain_failure(const std::string& message, const TrainerSettings& settings) {
  std::smatch found;
  if (std::regex_search(message, found, std::regex("Please set it to a value <= (\\d+)"))) {
    throw UsageError(
        "this text has no {} different pieces; the largest possible vocabulary is {}: ask for that, or give more text",
        settings.vocabulary_size, found[1].str());
  }
  if (std::regex_search(message, found, std::regex("smaller than required_chars\\. \\d+ vs (\\d+)"))) {
    throw UsageError(
        "a vocabulary of {} pieces cannot hold the characters of this text, which need {}; ask for more pieces, or for "
        "less than {} of the characters",
        settings.vocabulary_size, found[1].str(), settings.character_coverage);
  }
  throw DataError("SentencePiece could not train a vocabulary of {} pieces: {}", settings.vocabulary_size, message);
}

void check(const TrainerSettings& settings) {
  const std::size_t fixed = kSpecialTokens.size() + settings.user_defined_symbols.size();
  if (settings.vocabulary_size <= static_cast<std::int64_t>(fixed)) {
    throw UsageError("a vocabulary needs more than {} pieces, since so many are special or user-defined; asked for {}",
                     fixed, settings.vocabulary_size);
  }
  if (!(settings.character_coverage > 0.9 && settings.character_coverage <= 1)) {
    throw UsageError("the character coverage is {}, expected a number above 0.9, at most 1",
                     settings.character_coverage);
  }
}

Words count_words(const LineSource& lines, const TrainerSettings& settings, const Normalizer& normalizer) {
  LineSample sample(settings.seed, settings.sample_lines, settings.sample_bytes);
  for (std::string line; lines(line);) sample.add(line);
  if (sample.size() < sample.lines_seen()) {
    spdlog::info("training on a sample of {} of {} lines", sample.size(), sample.lines_seen());
  }
  WordCounts counts(normalizer);
  for (const std::string& line : sample.take()) counts.add(line);
  return counts.sorted();
}

}  // namespace

std::shared_ptr<const Tokenizer> train_tokenizer(const LineSource& lines, const TrainerSettings& settings) {
  check(settings);
  const std::string map_donor = train_smallest_model();
  const Normalizer normalizer(settings.tokenizer, SentencePieceModel::parse_charsmap(map_donor));
  const Words words = count_words(lines, settings, normalizer);
  if (words.empty()) throw DataError("there is no text to train a vocabulary on");
  spdlog::info("training {} pieces on {} different words", settings.vocabulary_size, words.size());
  const std::string trained = run_trainer(arguments_for(settings), words,
                                          [&](const std::string& message) { explain_failure(message, settings); });
  const std::string name = "the trained model";
  return std::make_shared<SentencePieceTokenizer>(
      SentencePieceModel::parse(with_normalizer_of(trained, map_donor), name), settings.tokenizer, name);
}

}  // namespace albert::text
