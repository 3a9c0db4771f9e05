#pragma once

#include "cli/command.h"
#include "corpus/document_stream.h"

namespace albert::cli {

/// Adds the options that say how text lies in its files: --format, --document-separator, --json-field,
/// --paragraph-break.
void add_reader_options(Command& command, corpus::ReaderOptions& options);

}  // namespace albert::cli
