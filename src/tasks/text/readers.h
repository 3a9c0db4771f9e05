#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "tasks/common/label_answers.h"
#include "tasks/kind.h"
#include "tasks/text/format.h"
#include "tasks/text/record.h"
#include "tasks/text/settings.h"

namespace albert::tasks {

/// The format that the end of a file's name stands for: CSV, JSON lines, else TSV without quoting.
RowFormat row_format_by_name(const std::filesystem::path& path);

/// Reads a file of texts.
/// \param need_labels the file has to say what is right; otherwise it may
/// Throws IoError; DataError naming file and line, what was expected and what was found.
TextFile read_texts(const std::filesystem::path& path, const TextFormat& format, bool need_labels);

/// The same for the content of a file, which is in UTF-8.
/// \param file its name, for messages
TextFile parse_texts(std::string_view content, const TextFormat& format, bool need_labels, const std::string& file);

/// The record of a line that holds a JSON object; its `row` stays empty. A label may be a text, a whole number, true or
/// false, or, where there is one label column, a list of texts (then one entry of `labels` for each).
/// \param need_labels otherwise the object may be without them
/// \param if_unlabelled see TextFormat
/// Throws DataError.
TextRecord parse_json_record(std::string_view line, const TextColumns& columns, bool need_labels, Place place,
                             const std::string& if_unlabelled = {});

/// Throws DataError if the record has an empty text, white space only.
void check_texts(const TextRecord& record);

/// Reads texts from a stream. A line of kText is a text, or two apart by a tab; of kTsv a row with the columns of the
/// task's files, named by a header if these have one; of kJsonl an object with their fields. Whether a stream's labels
/// are right does not matter.
/// \param answers whose columns are added to tables
/// \param header the first line of kTsv, which holds no names if the files have no header
/// Throws DataError for a header without the columns.
StreamReader<TextRecord> open_text_stream(const TextSettings& settings, const LabelAnswers& answers,
                                          RecordFormat format, std::string_view header);

/// Whether the first line of kTsv names the columns: where the files have a header, or it says so itself.
bool is_text_header(const TextSettings& settings, std::string_view first_line);

/// How the columns of a stream of tables are told apart.
TableDialect stream_dialect(const TextSettings& settings);

}  // namespace albert::tasks
