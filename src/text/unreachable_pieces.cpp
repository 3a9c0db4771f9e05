#include "text/unreachable_pieces.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
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

void warn_of_repeated_pieces(const VocabularyTokenizer& vocabulary, const std::filesystem::path& file) {
  std::unordered_map<std::string_view, std::int32_t> ids;
  std::int32_t num_repeated = 0;
  std::string example;
  for (std::int32_t id = 0; id < vocabulary.vocabulary_size(); ++id) {
    const auto [first, is_new] = ids.emplace(vocabulary.piece(id), id);
    if (is_new) continue;
    ++num_repeated;
    if (example.empty()) example = fmt::format("{} of ids {} and {}", in_quotes(first->first), first->second, id);
  }
  if (num_repeated == 0) return;
  log_warning(
      "{}: {} of its {} pieces are there twice, such as {}: the later one counts, and the earlier is never found",
      file.string(), num_repeated, vocabulary.vocabulary_size(), example);
}

}  // namespace

void warn_of_unreachable_pieces(const VocabularyTokenizer& vocabulary, const std::filesystem::path& file) {
  warn_of_repeated_pieces(vocabulary, file);
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
