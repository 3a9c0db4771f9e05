#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "corpus/builder.h"
#include "corpus/spool.h"

/// What the builds of a corpus and of a part have in common.
namespace albert::corpus {

/// Throws UsageError for options that do not fit each other.
void check(const BuildOptions& options);

/// What decides the content of the corpus besides input and tokenizer, under the names of a manifest.
std::map<std::string, std::string> settings_of(const BuildOptions& options);

/// Of those, how text is read.
std::map<std::string, std::string> settings_of(const ReaderOptions& reader);

/// Why a folder is not replaced by a corpus; empty if it holds one and nothing else.
std::string why_no_corpus(const std::filesystem::path& folder);

/// Throws an Error with the exit code 128 + signal if a StopRequest has one.
/// \param what "corpus"
void stop_if_asked(const char* what);

/// The content of a spool that is assembled by settings.
SpoolContent spool_content_for(const AssemblySettings& settings);

}  // namespace albert::corpus
