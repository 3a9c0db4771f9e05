#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>

#include "corpus/files/inputs.h"
#include "corpus/reading/reader_options.h"
#include "corpus/store/assembly_settings.h"

namespace albert::corpus {

/// What a corpus is built of, and how.
struct BuildOptions {
  InputOptions inputs;
  std::filesystem::path output;  ///< the corpus folder
  ReaderOptions reader;          ///< of which the size of blocks is not used
  std::string language = "en";   ///< the ISO 639 code decides where sentences end; no effect on kLines
  AssemblySettings assembly;     ///< what is held out, and left out
  std::size_t num_threads = 0;   ///< that split and encode; 0: as many as there are cores
  bool overwrite = false;        ///< replace the corpus that lies at `output`
};

/// Throws UsageError for options that do not fit each other.
void check(const BuildOptions& options);

/// What decides the content of the corpus besides input and tokenizer, under the names of a manifest.
std::map<std::string, std::string> settings_of(const BuildOptions& options);

}  // namespace albert::corpus
