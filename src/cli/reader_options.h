#pragma once

#include "corpus/document_stream.h"

namespace CLI {
class App;
}

namespace albert::cli {

/// Adds the options that say how text lies in its files: --format, --document-separator, --json-field,
/// --paragraph-break.
void add_reader_options(CLI::App& command, corpus::ReaderOptions& options);

}  // namespace albert::cli
