#include "text/unreachable_pieces.h"

#include <string>
#include <vector>

#include <spdlog/fmt/ranges.h>

#include "base/log.h"
#include "base/shown.h"
#include "text/piece_spelling.h"
#include "text/whitespace.h"

namespace albert::text {

namespace {

/// Share of the pieces that may be lost without a word: vocabularies hold some that no text has.
constexpr double kMostLost = 0.05;

std::string describe_normalization(const TokenizerSettings& settings) {
  std::vector<std::string> steps;
  if (settings.do_lower_case) steps.emplace_back("text is lower-cased");
  if (!settings.keep_accents) steps.emplace_back("accents and vowel signs are stripped");
  return fmt::format("{}", fmt::join(steps, ", and "));
}

}  // namespace

void warn_of_unreachable_pieces(const VocabularyTokenizer& vocabulary, const std::filesystem::path& file) {
  NormalizedText normalized;
  std::int32_t num_lost = 0;
  std::string example;
  for (std::int32_t id = 0; id < vocabulary.vocabulary_size(); ++id) {
    const std::string_view text = spelling_of(vocabulary, id).text;
    if (vocabulary.is_special(id) || text.empty()) continue;
    vocabulary.normalize(text, normalized);
    if (trim(normalized.text) == trim(text)) continue;
    ++num_lost;
    if (example.empty()) example = vocabulary.piece(id);
  }
  if (num_lost <= kMostLost * vocabulary.vocabulary_size()) return;
  log_warning(
      "{}: {} of its {} pieces are never found, such as {}: {}; for a vocabulary with capitals, or with accents "
      "and vowel signs, make a folder by `albert tokenizer convert` with --cased or --keep-accents",
      file.string(), num_lost, vocabulary.vocabulary_size(), in_quotes(example),
      describe_normalization(vocabulary.settings()));
}

}  // namespace albert::text
