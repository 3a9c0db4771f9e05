#include "report/corpus_section.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "base/counted.h"
#include "base/progress.h"
#include "corpus/store/census.h"
#include "corpus/store/corpus.h"
#include "corpus/store/manifest.h"
#include "corpus/store/statistics.h"
#include "corpus/store/summary.h"
#include "report/chart.h"
#include "report/html.h"
#include "text/tokenizer.h"

namespace albert::report {

namespace {

constexpr std::size_t kMaxPieces = 30;
constexpr std::size_t kMaxCharacters = 30;
constexpr std::size_t kMaxDuplicates = 30;

std::string table_of_counts(const corpus::Manifest& manifest) {
  Table table("What the corpus holds");
  table.add_column("part");
  for (const char* name : {"documents", "sentences", "tokens", "tokens a sentence"})
    table.add_column(name, Table::Column::kNumber);
  const auto add = [&](const char* name, const corpus::Counts& counts) {
    const double mean =
        counts.sentences == 0 ? 0 : static_cast<double>(counts.tokens) / static_cast<double>(counts.sentences);
    table.add_row({name, grouped(counts.documents), grouped(counts.sentences), grouped(counts.tokens), figure(mean)});
  };
  corpus::Counts total = manifest.counts(corpus::Split::kTrain);
  add("train", total);
  add("held out", manifest.counts(corpus::Split::kHeldOut));
  total += manifest.counts(corpus::Split::kHeldOut);
  add("total", total);
  return table.to_html();
}

/// The settings of the build and what it counted, by their names in the manifest.
std::string table_of_build(const corpus::Manifest& manifest) {
  Table table("How it was built");
  table.add_column("name").add_column("value");
  const auto name = [](const std::string& key) { return fmt::format("<code>{}</code>", escaped(key)); };
  for (const auto& [key, value] : manifest.settings) table.add_row({name(key), escaped_passage(value)});
  for (const auto& [key, count] : manifest.statistics) table.add_row({name(key), grouped(count)});
  return folded("How it was built", table.to_html());
}

std::string class_name(const corpus::LengthCounts::Class& one) {
  return one.end - one.begin == 1 ? grouped(one.begin) : fmt::format("{}–{}", grouped(one.begin), grouped(one.end - 1));
}

std::string length_chart(const corpus::LengthCounts& lengths, std::string_view of_what) {
  if (lengths.count() == 0) return "";
  BarChart chart{.title = fmt::format("Lengths of {} in tokens", of_what),
                 .x_name = "tokens",
                 .y_name = std::string(of_what),
                 .bars = {}};
  for (const corpus::LengthCounts::Class& one : lengths.classes())
    chart.bars.push_back({class_name(one), static_cast<double>(one.count), grouped(one.begin)});
  chart.note = fmt::format("On average {}, the longest {}. The classes grow with the length, two for each power of 2.",
                           short_number(static_cast<double>(lengths.sum()) / static_cast<double>(lengths.count())),
                           grouped(lengths.longest()));
  return to_html(chart);
}

std::string share_bar(double share) {
  return fmt::format(R"(<span class="share" style="--v:{:.4f}"></span>)", share);
}

std::string table_of_pieces(const std::vector<std::uint64_t>& counts, const text::Tokenizer& tokenizer) {
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t id) { return counts[id]; });
  const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  Table table("Most frequent pieces");
  table.add_column("piece").add_column("id", Table::Column::kNumber).add_column("times", Table::Column::kNumber);
  table.add_column("share of the tokens");
  for (std::size_t i = 0; i < std::min(order.size(), kMaxPieces) && counts[order[i]] > 0; ++i) {
    const std::size_t id = order[i];
    const double share = static_cast<double>(counts[id]) / total;
    table.add_row(
        {fmt::format("<code>{}</code>", escaped(tokenizer.piece(static_cast<std::int32_t>(id)))), std::to_string(id),
         grouped(counts[id]),
         share_bar(static_cast<double>(counts[id]) / static_cast<double>(counts[order[0]])) + percent(share)});
  }
  const auto num_used = std::ranges::count_if(counts, [](std::uint64_t count) { return count > 0; });
  return table.to_html() + fmt::format("<p class=\"note\">{} of the {} pieces of the vocabulary occur.</p>\n",
                                       grouped(num_used), grouped(counts.size()));
}

std::string table_of_unknown(const corpus::Manifest& manifest) {
  using Count = std::pair<std::string, std::uint64_t>;
  std::string html = fmt::format("<p>Unknown tokens are {} of all.</p>\n", percent(corpus::unknown_share(manifest)));
  if (manifest.unknown_characters.empty())
    return html + "<p class=\"note\">The vocabulary has every character of the text.</p>\n";
  std::vector<Count> sorted(manifest.unknown_characters.begin(), manifest.unknown_characters.end());
  std::ranges::stable_sort(sorted, std::ranges::greater(), &Count::second);
  Table table("Characters that the vocabulary lacks");
  table.add_column("character").add_column("times", Table::Column::kNumber);
  for (std::size_t i = 0; i < std::min(sorted.size(), kMaxCharacters); ++i)
    table.add_row({fmt::format("<code>{}</code>", escaped(sorted[i].first)), grouped(sorted[i].second)});
  return html + table.to_html();
}

std::string duplicates_part(const corpus::Manifest& manifest) {
  const auto count = [&](const char* name) {
    const auto found = manifest.statistics.find(name);
    return found == manifest.statistics.end() ? 0 : found->second;
  };
  if (!manifest.statistics.contains(corpus::statistic::kExactDuplicates))
    return R"(<p class="note">Duplicates were not looked for: <code>albert corpus build --deduplicate near</code> )"
           "does.</p>\n";
  std::string html = fmt::format("<p>{} exact and {} near duplicates were left out, with {} tokens.</p>\n",
                                 grouped(count(corpus::statistic::kExactDuplicates)),
                                 grouped(count(corpus::statistic::kNearDuplicates)),
                                 grouped(count(corpus::statistic::kDuplicateTokens)));
  if (manifest.duplicates.empty()) return html;
  Table table("The first documents that were left out, and what they are like");
  for (const char* name : {"file", "byte", "like file", "like byte", "similarity"})
    table.add_column(name, Table::Column::kNumber);
  for (std::size_t i = 0; i < std::min(manifest.duplicates.size(), kMaxDuplicates); ++i) {
    const corpus::DuplicateRecord& each = manifest.duplicates[i];
    table.add_row({grouped(each.file), grouped(each.byte), grouped(each.like_file), grouped(each.like_byte),
                   figure(each.similarity)});
  }
  return html + table.to_html();
}

corpus::Census count_with_progress(const corpus::Corpus& corpus) {
  const std::uint64_t total = corpus.num_tokens(corpus::Split::kTrain) + corpus.num_tokens(corpus::Split::kHeldOut);
  Progress progress("counting tokens", total);
  return corpus::take_census(corpus, [&](std::uint64_t tokens) { progress.update(tokens, ""); });
}

}  // namespace

Section corpus_section(const std::filesystem::path& folder, const std::string& name, std::size_t number) {
  const auto corpus = corpus::Corpus::open(folder);
  const auto tokenizer = text::Tokenizer::open(corpus->tokenizer_folder());
  const corpus::Census census = count_with_progress(*corpus);
  const corpus::Manifest& manifest = corpus->manifest();
  std::string html = table_of_counts(manifest) + table_of_build(manifest);
  html += "<h3>Lengths</h3>\n<div class=\"charts\">\n" + length_chart(census.documents, "documents") +
          length_chart(census.sentences, "sentences") + "</div>\n";
  html += "<h3>Pieces</h3>\n" + table_of_pieces(census.pieces, *tokenizer);
  html += "<h3>Unknown characters</h3>\n" + table_of_unknown(manifest);
  html += "<h3>Duplicates</h3>\n" + duplicates_part(manifest);
  return {fmt::format("corpus-{}", number), "Corpus " + name, std::move(html)};
}

}  // namespace albert::report
