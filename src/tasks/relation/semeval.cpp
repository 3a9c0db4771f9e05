#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/file.h"
#include "base/shown.h"
#include "tasks/common/decoding.h"
#include "tasks/common/lines.h"
#include "tasks/relation/readers.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

/// Takes a tag out of a text.
/// \return where it stood
std::size_t take_tag(std::string& text, std::string_view tag, const Place& place) {
  const std::size_t at = text.find(tag);
  if (at == std::string::npos || text.find(tag, at + 1) != std::string::npos) {
    throw DataError("{}: expected the tag {} once, found it {}", place.to_string(), tag,
                    at == std::string::npos ? "nowhere" : "more than once");
  }
  text.erase(at, tag.size());
  return at;
}

/// The places of both entities, once all tags are taken out: a tag moves the places behind it.
void take_tags(RelationRecord& record) {
  constexpr std::array<std::string_view, 4> kTags = {"<e1>", "</e1>", "<e2>", "</e2>"};
  const std::array<std::size_t*, 4> places = {&record.first.begin, &record.first.end, &record.second.begin,
                                              &record.second.end};
  for (std::size_t i = 0; i < kTags.size(); ++i) {
    *places[i] = take_tag(record.text, kTags[i], record.place);
    for (std::size_t before = 0; before < i; ++before) {
      if (*places[before] > *places[i]) *places[before] -= kTags[i].size();
    }
  }
}

void check_entities(const RelationRecord& record) {
  for (const TextSpan& entity : {record.first, record.second}) {
    if (entity.begin < entity.end && entity.end <= record.text.size()) continue;
    throw DataError("{}: an entity is empty, or ends before it begins", record.place.to_string());
  }
}

/// Digits and a tab, which no relation and no comment begins with.
bool begins_with_number(std::string_view line) {
  const std::size_t end = std::min(line.find_first_not_of("0123456789"), line.size());
  return end > 0 && end < line.size() && line[end] == '\t';
}

/// The first line of a block.
RelationRecord parse_sentence_line(std::string_view line, const Place& place) {
  const std::size_t tab = line.find('\t');
  if (tab == std::string_view::npos || tab == 0) {
    throw DataError("{}: expected a number, a tab and a sentence, found '{}'", place.to_string(), shortened(line));
  }
  std::string_view sentence = text::trim(line.substr(tab + 1));
  if (sentence.size() >= 2 && sentence.starts_with('"') && sentence.ends_with('"')) {
    sentence = sentence.substr(1, sentence.size() - 2);
  }
  RelationRecord record = parse_tagged_sentence(sentence, place);
  record.id = text::trim(line.substr(0, tab));
  return record;
}

}  // namespace

RelationRecord parse_tagged_sentence(std::string_view sentence, const Place& place) {
  RelationRecord record{.place = place, .text = std::string(sentence)};
  take_tags(record);
  check_entities(record);
  return record;
}

RelationFile read_semeval_relations(const fs::path& path) {
  const std::string text = decode_file(read_file(path), "utf-8", path.string());
  RelationFile file;
  TextLines lines(text, path.string());
  bool in_block = false;
  for (std::string_view line; lines.next(line);) {
    const Place place{.file = path.string(), .line = lines.number(), .id = {}};
    if (text::trim(line).empty()) {
      in_block = false;
    } else if (!in_block || begins_with_number(line)) {
      // The test data without relations has no empty lines between the sentences.
      file.records.push_back(parse_sentence_line(line, place));
      in_block = true;
    } else if (!file.records.back().label && !line.starts_with("Comment:")) {
      file.records.back().label = text::trim(line);
    } else if (!line.starts_with("Comment:")) {
      throw DataError("{}: expected a comment or an empty line after the relation, found '{}'", place.to_string(),
                      shortened(line));
    }
  }
  return file;
}

}  // namespace albert::tasks
