#pragma once

#include <string_view>

#include "tasks/text/format.h"
#include "tasks/text/record.h"

namespace albert::tasks {

/// The record of a line that holds a JSON object; `row` is the line. A label may be a text, a whole number, true or
/// false, or, where there is one label column, a list of texts (then one entry of `labels` for each).
/// \param need_labels otherwise the object may be without them \param if_unlabelled see TextFormat Throws DataError.
TextRecord parse_json_record(std::string_view line, const TextColumns& columns, bool need_labels, Place place,
                             const std::string& if_unlabelled = {});

}  // namespace albert::tasks
