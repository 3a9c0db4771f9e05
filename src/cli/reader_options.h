#pragma once

#include <array>
#include <string>

#include "cli/command.h"
#include "corpus/files/inputs.h"
#include "corpus/reading/reader_options.h"

namespace albert::cli {

/// The names of the options that say what to read and how, beside the one that names text.
inline constexpr std::array kReadingOptions{
    "--include",    "--exclude",         "--format",         "--document-separator",
    "--json-field", "--paragraph-break", "--skip-unreadable"};

/// Adds the options that say what to read: one that names text, --include and --exclude.
/// \param name "--from-corpus"
/// \return the one that names text
Option add_text_options(Command& command, const std::string& name, corpus::InputOptions& options);
/// The same with --input, which is required.
void add_input_options(Command& command, corpus::InputOptions& options);

/// Adds the options that say how text lies in its files: --format, --document-separator, --json-field,
/// --paragraph-break; and --skip-unreadable.
void add_reader_options(Command& command, corpus::ReaderOptions& options);

}  // namespace albert::cli
