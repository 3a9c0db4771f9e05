#pragma once

#include <filesystem>
#include <functional>

#include "corpus/files/inputs.h"
#include "corpus/parts/input_part.h"
#include "corpus/parts/part_manifest.h"
#include "corpus/reading/reader_options.h"

namespace albert::corpus {

/// A part that is to be there.
struct WantedPart {
  InputOptions inputs;
  ReaderOptions reader;
  std::filesystem::path output;  ///< the folder that holds the parts
  bool overwrite = false;
  /// Kind, part, version of the program, settings and tokenizer; what is read, and what the part holds, comes of it.
  PartManifest manifest{};
};

struct BuiltPart {
  std::filesystem::path folder;
  PartManifest manifest;
  bool was_there = false;  ///< whole already, and of the same text and options: it was left as it is
};

/// Fills the folder of a part: its files, and what the manifest says of them.
/// \param files to read
using FillPart = std::function<void(const std::filesystem::path& folder, const std::vector<InputFile>& files,
                                    const ReaderOptions& reader, PartManifest& manifest)>;

/// Makes a part: a folder within `output` under the name of the part, whole or absent. Parts may be made at the same
/// time, by several machines, also into several folders.
///
/// A part that is there is read and left if it is whole and of the same text, tokenizer, options and program, so that a
/// list of parts can be run again; what comes through a pipe is then read to its end, so that whoever writes it is not
/// disturbed. `overwrite` makes it anew.
/// \param fill sets PartManifest::text_checksum where the input is a pipe
/// Throws UsageError for a part that is there and is another one, or is damaged, and for options that do not fit;
/// IoError, DataError for the input; Error with the exit code 128 + signal when stopped by a signal; as `fill`.
BuiltPart make_part(const WantedPart& wanted, const FillPart& fill);

}  // namespace albert::corpus
