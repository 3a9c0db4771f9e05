#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "corpus/files/byte_source.h"
#include "corpus/reading/clean_text.h"
#include "corpus/reading/content_kind.h"
#include "corpus/reading/table_shape.h"
#include "text/whitespace.h"

namespace albert::corpus {

namespace {

using namespace std::string_view_literals;

Finding json_lines() {
  return {.name = "JSON lines", .advice = "read it with --format jsonl", .is_json_lines = true};
}

/// Cuts off the first line, without its end.
std::string_view cut_line(std::string_view& text) {
  const std::size_t end = std::min(text.find_first_of("\n\r"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

/// Cuts off a text in quotation marks of either kind, as a key of a JSON object or a Python dictionary.
/// \return whether there was one
bool cut_quoted(std::string_view& text) {
  if (text.empty() || (text.front() != '"' && text.front() != '\'')) return false;
  for (std::size_t i = 1; i < text.size() && text[i] != '\n'; ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == text.front()) {
      text = text::trim_left(text.substr(i + 1));
      return true;
    }
  }
  return false;
}

/// Whether a text begins as {"key": does.
bool begins_object(std::string_view text) {
  if (!text.starts_with('{')) return false;
  text = text::trim_left(text.substr(1));
  return text.starts_with('}') || (cut_quoted(text) && text.starts_with(':'));
}

/// Whether a text begins as [{"key": or ["text", does.
bool begins_array(std::string_view text) {
  if (!text.starts_with('[')) return false;
  text = text::trim_left(text.substr(1));
  return begins_object(text) || (cut_quoted(text) && (text.starts_with(',') || text.starts_with(']')));
}

/// Whether the lines are objects: one of the first few is a whole one, or the first is longer than what there is of it.
bool has_object_lines(const Head& head) {
  constexpr int kMaxLines = 20;
  std::string_view rest = head.bytes;
  for (int i = 0; i < kMaxLines && !rest.empty(); ++i) {
    const std::string_view line = text::trim(cut_line(rest));
    if (rest.empty() && !head.is_all) return i == 0;
    std::string clean;
    append_clean(line, clean);
    if (begins_object(clean) && nlohmann::json::accept(clean)) return true;
  }
  return false;
}

std::optional<Finding> find_json(const Head& head) {
  const std::string_view text = text::trim_left(head.bytes);
  if (begins_object(text)) {
    if (has_object_lines({text, head.is_all})) return json_lines();
    return Finding{.name = "JSON", .advice = "write each text as an object on a line of its own, {\"text\": ...}"};
  }
  if (begins_array(text))
    return Finding{.name = "a JSON array", .advice = "write its elements a line each: jq -c '.[]' FILE > FILE.jsonl"};
  return std::nullopt;
}

std::optional<Finding> find_markup(const Head& head) {
  static constexpr std::array kStarts{"<?xml"sv, "<!doctype"sv,  "<html"sv,  "<head"sv, "<body"sv,
                                      "<doc "sv, "<mediawiki"sv, "<text "sv, "<tei"sv,  "<svg"sv};
  std::string start(text::trim_left(head.bytes).substr(0, 10));
  std::ranges::transform(start, start.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (std::ranges::none_of(kStarts, [&](std::string_view tag) { return start.starts_with(tag); })) return std::nullopt;
  return Finding{.name = "markup (XML or HTML)",
                 .advice = "extract its text first; WikiExtractor writes JSON lines with --json"};
}

/// Markdown's metadata before the text: "key: value" lines of YAML between two lines of dashes, or of TOML between
/// pluses.
std::optional<Finding> find_front_matter(const Head& head) {
  constexpr int kMaxLines = 100;
  std::string_view rest = head.bytes;
  const std::string_view fence = text::trim_right(cut_line(rest));
  if (fence != "---" && fence != "+++") return std::nullopt;
  const char separator = fence == "---" ? ':' : '=';
  bool has_key = false;
  for (int i = 0; i < kMaxLines && !rest.empty(); ++i) {
    const std::string_view line = text::trim_right(cut_line(rest));
    if (line == fence && has_key)
      return Finding{.name = "front matter before the text",
                     .advice = fmt::format("remove it, from {0} to {0}", fence)};
    const std::size_t end = line.find(separator);
    const std::string_view key = text::trim(line.substr(0, end));
    has_key = has_key || (end != std::string_view::npos && !key.empty() && key.find(' ') == std::string_view::npos);
  }
  return std::nullopt;
}

std::optional<Finding> find_table_layout(const Head& head, const std::filesystem::path& name) {
  constexpr std::string_view kAdvice = "write its column of text as JSON lines, {\"text\": ...}, or as lines of text";
  if (const std::optional<TableShape> table = find_table(head)) {
    return Finding{.name = fmt::format("a table of {} columns, separated by {}", table->num_columns,
                                       table->delimiter == '\t' ? "tabs" : fmt::format("'{}'", table->delimiter)),
                   .advice = std::string(kAdvice),
                   .is_table = true};
  }
  if (name.extension() == ".csv" || name.extension() == ".tsv") {
    return Finding{.name = "by its name a table", .advice = std::string(kAdvice), .is_table = true};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Finding> find_layout(const Head& head, const std::filesystem::path& path) {
  const std::filesystem::path name = uncompressed_name(path);
  if (auto json = find_json(head)) return json;
  if (name.extension() == ".jsonl" || name.extension() == ".ndjson") {
    Finding finding = json_lines();
    finding.name = "by its name a file of JSON lines";
    return finding;
  }
  if (auto markup = find_markup(head)) return markup;
  if (auto front_matter = find_front_matter(head)) return front_matter;
  return find_table_layout(head, name);
}

}  // namespace albert::corpus
