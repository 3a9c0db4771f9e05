#include "corpus/store/summary.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <unicode/uchar.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/progress.h"
#include "base/utf8.h"
#include "corpus/store/statistics.h"

namespace albert::corpus {

namespace {

std::uint64_t statistic_of(const Manifest& manifest, const char* name) {
  const auto found = manifest.statistics.find(name);
  return found == manifest.statistics.end() ? 0 : found->second;
}

double ratio(std::uint64_t a, std::uint64_t b) {
  return b == 0 ? 0 : static_cast<double>(a) / static_cast<double>(b);
}

Counts total(const Manifest& manifest) {
  Counts counts = manifest.counts(Split::kTrain);
  counts += manifest.counts(Split::kHeldOut);
  return counts;
}

void add_row(std::string& text, std::string_view name, const Counts& counts) {
  fmt::format_to(std::back_inserter(text),
                 "{:<10} {:>12} documents {:>14} sentences {:>16} tokens   {:.1f} tokens a sentence\n", name,
                 grouped(counts.documents), grouped(counts.sentences), grouped(counts.tokens),
                 ratio(counts.tokens, counts.sentences));
}

/// What was repaired or left out, with its words; nothing of what did not occur.
std::string repairs_text(const Manifest& manifest) {
  struct Words {
    const char* name;
    std::string_view one;
    std::string_view many;
  };
  static constexpr std::array kWords = {
      Words{statistic::kInvalidBytes, "byte of invalid UTF-8 replaced", "bytes of invalid UTF-8 replaced"},
      Words{statistic::kNulBytes, "NUL byte dropped", "NUL bytes dropped"},
      Words{statistic::kSkippedLines, "line skipped", "lines skipped"},
      Words{statistic::kEmptyDocuments, "document without a token skipped", "documents without a token skipped"},
      Words{statistic::kEmptyFiles, "empty file", "empty files"},
      Words{statistic::kUnreadableFiles, "unreadable file left out or cut short",
            "unreadable files left out or cut short"},
      Words{statistic::kCutSentences, "cut in an overlong sentence", "cuts in overlong sentences"},
  };
  std::string text;
  for (const Words& words : kWords) {
    const std::uint64_t count = statistic_of(manifest, words.name);
    if (count == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", grouped(count), count == 1 ? words.one : words.many);
  }
  return text.empty() ? "nothing" : text;
}

/// A character and its number: U+201C.
std::string shown_character(const std::string& character) {
  std::string_view rest = character;
  const std::int32_t c = pop_front(rest);
  const std::string number = fmt::format("U+{:04X}", c);
  return u_isgraph(c) ? fmt::format("{} ({})", character, number) : number;
}

/// The characters that the vocabulary lacks, the most frequent ones first; nothing where there are none.
std::string unknown_characters_text(const Manifest& manifest) {
  constexpr std::size_t kMaxShown = 10;
  using Count = std::pair<std::string, std::uint64_t>;
  std::vector<Count> sorted(manifest.unknown_characters.begin(), manifest.unknown_characters.end());
  std::ranges::stable_sort(sorted, std::ranges::greater(), &Count::second);
  std::string text;
  for (std::size_t i = 0; i < std::min(sorted.size(), kMaxShown); ++i)
    text += fmt::format("{}{} {}", i == 0 ? "" : ", ", grouped(sorted[i].second), shown_character(sorted[i].first));
  return sorted.size() > kMaxShown ? text + ", and rarer ones (--json)" : text;
}

/// What was left out because it is there twice; nothing where nobody asked for that.
std::string duplicates_text(const Manifest& manifest) {
  constexpr std::size_t kMaxShown = 3;
  if (!manifest.statistics.contains(statistic::kExactDuplicates)) return "";
  const std::uint64_t exact = statistic_of(manifest, statistic::kExactDuplicates);
  std::string text = fmt::format("{} exact", grouped(exact));
  if (manifest.statistics.contains(statistic::kNearDuplicates))
    text += fmt::format(" and {} near", grouped(statistic_of(manifest, statistic::kNearDuplicates)));
  text +=
      fmt::format(" duplicates left out, with {} tokens", grouped(statistic_of(manifest, statistic::kDuplicateTokens)));
  for (std::size_t i = 0; i < std::min(manifest.duplicates.size(), kMaxShown); ++i) {
    const DuplicateRecord& each = manifest.duplicates[i];
    text += fmt::format("{} file {} byte {} ({:.2f} like file {} byte {})", i == 0 ? ":" : ",", each.file, each.byte,
                        each.similarity, each.like_file, each.like_byte);
  }
  return text + (manifest.duplicates.size() > kMaxShown ? ", ...; duplicates.tsv lists all" : "");
}

/// Which lines were dropped because they are everywhere; nothing where nobody asked for that.
std::string repeated_lines_text(const Manifest& manifest) {
  if (!manifest.statistics.contains(statistic::kRepeatedLines)) return "";
  return fmt::format("{} different lines dropped in {} places, with {} tokens; repeated-lines.tsv lists them",
                     grouped(statistic_of(manifest, statistic::kRepeatedLines)),
                     grouped(statistic_of(manifest, statistic::kDroppedLines)),
                     grouped(statistic_of(manifest, statistic::kDroppedTokens)));
}

nlohmann::ordered_json json_of(const Counts& counts) {
  return {{"documents", counts.documents}, {"sentences", counts.sentences}, {"tokens", counts.tokens}};
}

}  // namespace

double unknown_share(const Manifest& manifest) {
  return ratio(statistic_of(manifest, statistic::kUnknownTokens), total(manifest).tokens);
}

std::string summary_text(const Manifest& manifest) {
  const Counts counts = total(manifest);
  std::string text;
  add_row(text, "train", manifest.counts(Split::kTrain));
  add_row(text, "held out", manifest.counts(Split::kHeldOut));
  add_row(text, "total", counts);
  const std::uint64_t unknown = statistic_of(manifest, statistic::kUnknownTokens);
  fmt::format_to(std::back_inserter(text), "{:<10} {} in {} {}, {:.2f} bytes a token\n", "text",
                 format_bytes(statistic_of(manifest, statistic::kTextBytes)),
                 grouped(statistic_of(manifest, statistic::kFiles)),
                 statistic_of(manifest, statistic::kFiles) == 1 ? "file" : "files",
                 ratio(statistic_of(manifest, statistic::kTextBytes), counts.tokens));
  fmt::format_to(std::back_inserter(text), "{:<10} {} pieces, {} unknown {} ({:.3f}%)\n", "vocabulary",
                 grouped(manifest.vocabulary_size), grouped(unknown), unknown == 1 ? "token" : "tokens",
                 100 * unknown_share(manifest));
  if (const std::string characters = unknown_characters_text(manifest); !characters.empty())
    fmt::format_to(std::back_inserter(text), "{:<10} {}\n", "it lacks", characters);
  fmt::format_to(std::back_inserter(text), "{:<10} {}\n", "repaired", repairs_text(manifest));
  if (const std::string duplicates = duplicates_text(manifest); !duplicates.empty())
    fmt::format_to(std::back_inserter(text), "{:<10} {}\n", "duplicates", duplicates);
  if (const std::string lines = repeated_lines_text(manifest); !lines.empty())
    fmt::format_to(std::back_inserter(text), "{:<10} {}\n", "repeated", lines);
  return text;
}

std::string summary_json(const Manifest& manifest) {
  nlohmann::ordered_json json;
  json["train"] = json_of(manifest.counts(Split::kTrain));
  json["held_out"] = json_of(manifest.counts(Split::kHeldOut));
  json["vocabulary_size"] = manifest.vocabulary_size;
  json["tokenizer_fingerprint"] = manifest.tokenizer_fingerprint;
  json["unknown_token_share"] = unknown_share(manifest);
  json["unknown_characters"] = manifest.unknown_characters;
  json["settings"] = manifest.settings;
  json["statistics"] = manifest.statistics;
  if (!manifest.duplicates.empty()) json["duplicates"] = nlohmann::ordered_json::array();
  for (const DuplicateRecord& each : manifest.duplicates) {
    json["duplicates"].push_back({{"file", each.file},
                                  {"byte", each.byte},
                                  {"like_file", each.like_file},
                                  {"like_byte", each.like_byte},
                                  {"similarity", each.similarity}});
  }
  return json.dump(2) + "\n";
}

}  // namespace albert::corpus
