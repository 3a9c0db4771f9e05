#include "tasks/tokens/window.h"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "metrics/entities.h"
#include "tasks/common/json_object.h"
#include "tasks/common/tab_columns.h"
#include "tasks/tokens/tagged_lines.h"
#include "tasks/tokens/tagged_predictions.h"
#include "text/utf8.h"
#include "text/words.h"

namespace albert::tasks {

namespace {

using nlohmann::ordered_json;

/// What holds a plain text, whose words are those of TokenConfig::text_words; elsewhere they are apart by spaces.
constexpr const char* kTextName = "text";

std::vector<std::string> list_of_words(const nlohmann::json& list, const std::string& name, const Place& place) {
  std::vector<std::string> words;
  for (const nlohmann::json& word : list) {
    if (!word.is_string() || word.get_ref<const std::string&>().empty()) {
      throw DataError("{}: expected a list of words in '{}', found {} in it", place.to_string(), name, word.dump());
    }
    words.push_back(word.get<std::string>());
  }
  return words;
}

ordered_json entities_of(const std::vector<std::string>& words, const std::vector<std::string>& tags) {
  ordered_json list = ordered_json::array();
  for (const metrics::Entity& entity : metrics::find_entities(tags)) {
    const std::span<const std::string> inside(words.data() + entity.begin, entity.end - entity.begin);
    list.push_back({{"type", entity.type},
                    {"begin", entity.begin},
                    {"end", entity.end},
                    {"words", std::vector<std::string>(inside.begin(), inside.end())}});
  }
  return list;
}

}  // namespace

std::vector<std::string> split_text(std::string_view text, TextWords words) {
  std::vector<std::string> split;
  bool goes_on = false;
  for (std::size_t i = 0; i < text.size();) {
    if (const std::size_t space = text::white_space_at(text, i); space > 0) {
      goes_on = false;
      i += space;
      continue;
    }
    const std::size_t size = text::utf8_length(text[i]);
    if (!goes_on) split.emplace_back();
    split.back() += text.substr(i, size);
    goes_on = words == TextWords::kSpaced;
    i += size;
  }
  return split;
}

TokenWindow::TokenWindow(const TaskDefinition& definition, RecordFormat format, std::string_view header,
                         std::shared_ptr<const text::Tokenizer> tokenizer)
    : format_(format),
      config_(definition.config.tokens),
      labels_(definition),
      set_(std::move(tokenizer), definition.config.max_sequence_length, config_.stride) {
  if (format != RecordFormat::kTsv) return;
  header_ = header;
  read_header(header);
}

void TokenWindow::read_header(std::string_view header) {
  TagFormat words_only = config_.format;
  words_only.tags_name.clear();  // whether the tags in the input are right does not matter
  for (const std::string& name : names_of_words()) {
    words_only.words_name = name;
    if (!TagRows::is_header(header, words_only)) continue;
    rows_.emplace(header, words_only, place_of_header());
    rows_hold_text_ = name == kTextName;
    return;
  }
  throw DataError("{}: expected a column named '{}', found: {}", place_of_header().to_string(),
                  fmt::join(names_of_words(), "' or '"), fmt::join(split_tabs(header), ", "));
}

/// What may hold the words of a record, the first that is there.
std::vector<std::string> TokenWindow::names_of_words() const {
  return {config_.format.words_name, "words", "tokens", kTextName};
}

std::string TokenWindow::out_header() const {
  return format_ == RecordFormat::kTsv ? fmt::format("{}\t{}", header_, kPredictionColumn) : "";
}

void TokenWindow::add(std::string_view record, const Place& place) {
  std::vector<std::string> words = words_of(record, place);
  if (words.empty()) throw DataError("{}: there is no word in it", place.to_string());
  set_.add(words, {});
  records_.push_back({.row = std::string(record), .words = std::move(words)});
}

std::vector<std::string> TokenWindow::words_of(std::string_view record, const Place& place) const {
  switch (format_) {
    case RecordFormat::kText:
      return split_text(record, config_.text_words);
    case RecordFormat::kTsv:
      return words_of_row(record, place);
    case RecordFormat::kJsonl:
      return words_of_object(record, place);
  }
  throw InternalError("no format {}", static_cast<int>(format_));
}

std::vector<std::string> TokenWindow::words_of_row(std::string_view record, const Place& place) const {
  const TaggedRow row = rows_->split(record, place);
  if (!rows_hold_text_) return {row.words.begin(), row.words.end()};
  return split_text(fmt::format("{}", fmt::join(row.words, " ")), config_.text_words);
}

std::vector<std::string> TokenWindow::words_of_object(std::string_view record, const Place& place) const {
  const nlohmann::json object = parse_json_object(record, place);
  for (const std::string& name : names_of_words()) {
    const auto found = object.find(name);
    if (found == object.end()) continue;
    if (found->is_array()) return list_of_words(*found, name, place);
    if (!found->is_string()) continue;
    const auto& text = found->get_ref<const std::string&>();
    if (name == kTextName) return split_text(text, config_.text_words);
    const std::vector<std::string_view> words = split_words(text);
    return {words.begin(), words.end()};
  }
  throw DataError("{}: expected a list of words, or a text, in '{}'", place.to_string(),
                  fmt::join(names_of_words(), "' or '"));
}

void TokenWindow::write(std::size_t record, std::string& out) const {
  switch (format_) {
    case RecordFormat::kText:
      out += fmt::format("{}\n", fmt::join(labels_.tags(set_.choices(record)), " "));
      break;
    case RecordFormat::kTsv:
      out += fmt::format("{}\t{}\n", records_[record].row, fmt::join(labels_.tags(set_.choices(record)), " "));
      break;
    case RecordFormat::kJsonl:
      out += with_members(record) + '\n';
      break;
  }
}

/// The object of a record with what was found added.
std::string TokenWindow::with_members(std::size_t record) const {
  const auto& [row, words] = records_[record];
  const std::vector<std::string> tags = labels_.tags(set_.choices(record));
  ordered_json members = {{"words", words}, {"tags", tags}};
  ordered_json& probabilities = members["probabilities"] = ordered_json::array();
  for (const auto& choice : set_.choices(record)) {
    probabilities.push_back(choice ? ordered_json(choice->probability) : ordered_json(nullptr));
  }
  if (config_.score == TagScoring::kEntities) members["entities"] = entities_of(words, tags);
  return add_json_members(row, members);
}

void TokenWindow::clear() {
  set_.clear();
  records_.clear();
}

}  // namespace albert::tasks
