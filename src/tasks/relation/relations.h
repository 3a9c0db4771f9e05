#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "metrics/report.h"
#include "tasks/common/place.h"

namespace albert::tasks {

/// A part of a text in bytes, end excluded.
struct TextSpan {
  std::size_t begin = 0;
  std::size_t end = 0;

  bool operator==(const TextSpan&) const = default;
};

/// A sentence with two entities.
struct RelationRecord {
  Place place;
  std::string id = {};    ///< as in the file; else the number of the line
  std::string text = {};  ///< without marks
  TextSpan first = {};    ///< e1
  TextSpan second = {};   ///< e2, which may stand before the first
  std::optional<std::string> label = {};
  std::string row = {};  ///< of JSON lines, as it stands in the file
};

/// What was read from a file. All sentences are labelled or none.
struct RelationFile {
  std::vector<RelationRecord> records;
  bool is_labelled() const { return !records.empty() && records.front().label.has_value(); }
};

/// Reads sentences from SemEval-2010 Task 8's layout or, by the name's end .jsonl, from JSON lines. Throws DataError
/// naming file, line, expected and found; also if only some sentences have a label, and for an id that
/// occurs twice.
RelationFile read_relations(const std::filesystem::path& path);

/// SemEval-2010 Task 8 as distributed: blocks apart by empty lines, of `number TAB "sentence with <e1>entity</e1> and
/// <e2>entity</e2>"`, the relation, and a comment; the test data has no more than the first line. Throws DataError.
RelationFile read_semeval_relations(const std::filesystem::path& path);

/// JSON lines: {"text": ..., "first": [begin, end], "second": [begin, end], "label": ..., "id": ...}. Places are
/// counted in characters from 0, end excluded; `label` and `id` may be left out. Throws DataError.
RelationFile read_relation_lines(const std::filesystem::path& path);
RelationRecord parse_relation_line(std::string_view line, const Place& place, bool with_label);

/// The sentence of a text in which the tags <e1>, </e1>, <e2>, </e2> stand, each once. Throws DataError.
RelationRecord parse_tagged_sentence(std::string_view sentence, const Place& place);

/// What the task's scorer takes: lines of an id, a tab and a label.
using RelationAnswers = std::vector<std::pair<std::string, std::string>>;
void write_relation_answers(const std::filesystem::path& file, const RelationAnswers& answers);
/// Throws DataError for other lines, and for an id that occurs twice.
RelationAnswers read_relation_answers(const std::filesystem::path& path);

/// The official score of an answer file, or of JSON lines with a member "prediction" each. \param gold a file of
/// answers (TEST_FILE_KEY.TXT) or of labelled sentences Throws DataError for ids that are missing in either.
metrics::Report score_relations(const std::filesystem::path& gold, const std::filesystem::path& predictions);

}  // namespace albert::tasks
