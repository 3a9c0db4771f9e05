#pragma once

#include <optional>
#include <string>

#include "cli/command.h"
#include "inference/record_stream.h"

namespace albert::cli {

/// --on-bad-record: what a stream does with a record that it cannot read.
/// \param on_bad_record gets a value where the user gives one
/// \param empty what an empty result is: "an empty line"
/// \param otherwise what is done where the user does not say: "empty"
void add_bad_record_option(Command command, std::optional<inference::BadRecord>& on_bad_record,
                           const std::string& empty, const std::string& otherwise);

/// Warns of records of a stream that could not be read, if there are any.
/// \param noun of a record, and its plural
void warn_of_bad_records(const inference::StreamReport& report, inference::BadRecord on_bad_record,
                         const std::string& noun, const std::string& plural);

}  // namespace albert::cli
