#pragma once

#include <filesystem>
#include <string_view>

#include "tasks/kind.h"
#include "tasks/relation/record.h"

namespace albert::tasks {

/// Reads sentences from SemEval-2010 Task 8's layout or, by the name's end .jsonl, from JSON lines. Throws DataError
/// naming file, line, expected and found; also if only some sentences have a label, and for an id that occurs twice.
RelationFile read_relations(const std::filesystem::path& path);

/// Reads SemEval-2010 Task 8 as distributed: blocks apart by empty lines, of `number TAB "sentence with
/// <e1>entity</e1> and <e2>entity</e2>"`, the relation, and a comment; the test data has no more than the first line.
/// Throws DataError.
RelationFile read_semeval_relations(const std::filesystem::path& path);

/// The sentence of a text in which the tags <e1>, </e1>, <e2>, </e2> stand, each once. Throws DataError.
RelationRecord parse_tagged_sentence(std::string_view sentence, const Place& place);

/// Reads JSON lines: {"text": ..., "first": [begin, end], "second": [begin, end], "label": ..., "id": ...}. Places are
/// counted in characters from 0, end excluded; `label` and `id` may be left out. Throws DataError.
RelationFile read_relation_lines(const std::filesystem::path& path);

/// One line of such a file.
/// \param with_label otherwise no label is looked for
/// Throws DataError.
RelationRecord parse_relation_line(std::string_view line, const Place& place, bool with_label);

/// Reads sentences from a stream, without labels. A line of kText is a sentence with the tags <e1>, </e1>, <e2>, </e2>;
/// of kTsv a row whose header names such a sentence `sentence`; of kJsonl an object as read_relation_lines() takes it.
/// \param header of kTsv
/// \return without the columns of answers. Throws DataError for a header without the column.
StreamReader<RelationRecord> open_relation_stream(RecordFormat format, std::string_view header);

}  // namespace albert::tasks
