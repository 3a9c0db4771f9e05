#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/common/label_answers.h"
#include "tasks/text/files.h"
#include "tasks/text/format.h"

namespace albert::tasks {

/// What was read, cut and left out of a file of texts, for the log. \param max_length of a sequence in tokens
std::string describe_rows(const TextFiles::Rows& rows, std::size_t num_truncated, std::int64_t max_length);

/// A file of one's own with the answers added: as columns behind the others, or as members of its JSON objects.
/// \param header of the file; empty if it has none \param rows as they stand in the file, without line feeds
/// \param answer of a row by its number \param file its name, for messages. Throws DataError, see check_new_column().
std::string rows_with_answers(const TextAnswers& answers, RowFormat format, const std::string& header,
                              const std::vector<std::string>& rows,
                              const std::function<TextAnswer(std::size_t)>& answer, const std::string& file);

}  // namespace albert::tasks
