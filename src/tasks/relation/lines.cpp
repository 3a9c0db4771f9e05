#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/shown.h"
#include "tasks/common/decoding.h"
#include "tasks/common/json_object.h"
#include "tasks/common/json_records.h"
#include "tasks/relation/readers.h"

namespace albert::tasks {

namespace {

using nlohmann::json;

const json& need(const json& object, const char* name, const Place& place) {
  const auto found = object.find(name);
  if (found != object.end() && !found->is_null()) return *found;
  refuse_without(object, name,
                 R"(a sentence as {"text": ..., "first": [begin, end], "second": [begin, end], "label": ...})", place);
}

/// The byte offsets of the beginning of each character, and of the end of the text.
std::vector<std::size_t> character_offsets(std::string_view text) {
  std::vector<std::size_t> offsets;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) offsets.push_back(i);
  }
  offsets.push_back(text.size());
  return offsets;
}

TextSpan read_span(const json& object, const char* name, const std::vector<std::size_t>& offsets, const Place& place) {
  const json& value = need(object, name, place);
  const bool is_pair = value.is_array() && value.size() == 2;
  const auto first = is_pair ? whole_json_number(value[0]) : std::nullopt;
  const auto last = is_pair ? whole_json_number(value[1]) : std::nullopt;
  if (!first || !last || *first < 0 || *last < 0) {
    throw DataError("{}: expected [begin, end] in characters in '{}', found {}", place.to_string(), name,
                    short_json(value));
  }
  const auto begin = static_cast<std::size_t>(*first), end = static_cast<std::size_t>(*last);
  if (begin >= end || end >= offsets.size()) {
    throw DataError("{}: '{}' is {}, which is no part of a text of {} characters", place.to_string(), name,
                    short_json(value), offsets.size() - 1);
  }
  return {offsets[begin], offsets[end]};
}

}  // namespace

RelationRecord parse_relation_line(std::string_view line, const Place& place, bool with_label) {
  const json object = parse_json_object(line, place);
  RelationRecord record{
      .place = place, .id = json_id(object, place), .text = json_text(need(object, "text", place), "text", place)};
  const std::vector<std::size_t> offsets = character_offsets(record.text);
  record.first = read_span(object, "first", offsets, place);
  record.second = read_span(object, "second", offsets, place);
  if (with_label && object.contains("label") && !object["label"].is_null()) {
    record.label = json_text(object["label"], "label", place);
  }
  return record;
}

RelationFile read_relation_lines(const fs::path& path) {
  const std::string content = decode_file(read_file(path), "utf-8", path.string());
  RelationFile file;
  JsonRecords records(content, path.string());
  for (std::string_view line; records.next(line);) {
    const Place& place = records.place();
    file.records.push_back(parse_relation_line(line, place, /*with_label=*/true));
    file.records.back().row = line;
  }
  return file;
}

}  // namespace albert::tasks
