#pragma once

#include <string>
#include <string_view>

#include "config/fields.h"
#include "tasks/common/place.h"

namespace albert::tasks {

/// The setting "encoding" of a task whose files may be in any.
void encoding_field(config::Fields& f, std::string& encoding);

/// Fails unless ICU knows a character encoding of that name ("utf-8", "iso-8859-1", "gb18030").
/// \param prefix of the setting's key
void check_encoding(config::Checks& c, std::string_view prefix, const std::string& encoding);

/// The bytes of a file as UTF-8, without a byte-order mark. Nothing is repaired: what is wrong in a data set is more
/// likely a wrong setting than a wrong byte.
/// \param encoding of the bytes, see check_encoding()
/// \param file its name, for messages
/// \param settings of which "encoding" is one, see advice()
/// Throws DataError naming file, line, offset and byte, and what to do, for bytes that are no text in the encoding, and
/// for NUL bytes.
std::string decode_file(std::string bytes, const std::string& encoding, std::string_view file,
                        const std::string& settings = {});

/// Throws DataError if a record of a stream is no text in UTF-8, or has a NUL byte or a carriage return in it.
/// \param place of the record, for the message
void check_utf8(std::string_view record, const Place& place);

}  // namespace albert::tasks
