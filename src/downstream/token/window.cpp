#include "downstream/token/window.h"

#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "datasets/json_object.h"
#include "datasets/token/tagged_predictions.h"
#include "downstream/tab_fields.h"
#include "metrics/entities.h"
#include "text/utf8.h"
#include "text/words.h"

namespace albert::downstream {

namespace {

using nlohmann::ordered_json;

std::vector<std::string> list_of_words(const nlohmann::json& list, const char* name, const datasets::Place& place) {
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
  datasets::TagFormat words_only = config_.format;
  words_only.tags_name.clear();  // whether the tags in the input are right does not matter
  rows_.emplace(header, words_only, place_of_header());
}

std::string TokenWindow::out_header() const {
  return format_ == RecordFormat::kTsv ? fmt::format("{}\t{}", header_, datasets::kPredictionColumn) : "";
}

void TokenWindow::add(std::string_view record, const datasets::Place& place) {
  std::vector<std::string> words = words_of(record, place);
  if (words.empty()) throw DataError("{}: there is no word in it", place.to_string());
  set_.add(words, {});
  records_.push_back({.row = std::string(record), .words = std::move(words)});
}

std::vector<std::string> TokenWindow::words_of(std::string_view record, const datasets::Place& place) const {
  switch (format_) {
    case RecordFormat::kText:
      return split_text(record, config_.text_words);
    case RecordFormat::kTsv: {
      const datasets::TaggedRow row = rows_->split(record, place);
      return {row.words.begin(), row.words.end()};
    }
    case RecordFormat::kJsonl:
      return words_of_object(record, place);
  }
  throw InternalError("no format {}", static_cast<int>(format_));
}

std::vector<std::string> TokenWindow::words_of_object(std::string_view record, const datasets::Place& place) const {
  const nlohmann::json object = datasets::parse_json_object(record, place);
  for (const char* name : {"words", "tokens"}) {
    const auto words = object.find(name);
    if (words != object.end() && words->is_array()) return list_of_words(*words, name, place);
  }
  if (const auto text = object.find("text"); text != object.end() && text->is_string()) {
    return split_text(text->get_ref<const std::string&>(), config_.text_words);
  }
  throw DataError("{}: expected a list of words in 'words' or 'tokens', or a text in 'text'", place.to_string());
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
  ordered_json object = ordered_json::parse(row);
  object["words"] = words;
  object["tags"] = tags;
  ordered_json& probabilities = object["probabilities"] = ordered_json::array();
  for (const auto& choice : set_.choices(record)) {
    probabilities.push_back(choice ? ordered_json(choice->probability) : ordered_json(nullptr));
  }
  if (config_.score == datasets::TagScoring::kEntities) object["entities"] = entities_of(words, tags);
  return object.dump();
}

void TokenWindow::clear() {
  set_.clear();
  records_.clear();
}

}  // namespace albert::downstream
