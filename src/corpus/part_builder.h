#pragma once

#include <filesystem>
#include <string>

#include "corpus/builder.h"
#include "corpus/input_part.h"
#include "corpus/part_manifest.h"

namespace albert::corpus {

struct BuiltPart {
  std::filesystem::path folder;
  PartManifest manifest;
  bool was_there = false;  ///< whole already, and of the same input and options: it was left as it is

  /// Takes over the part that lies in `folder` already, if it is whole and what would be made there.
  /// \return whether it did
  /// Throws UsageError if it is another one, or damaged.
  bool take_whole();
};

/// Builds one part of a corpus, which merge_corpus() puts together: a folder within `options.output` under the name of
/// the part, whole or absent. Parts may be built at the same time, by several machines, also into several folders.
///
/// A part that is there is read and left if it is whole and of the same input, tokenizer, options and program, so that
/// a list of parts can be run again; `options.overwrite` builds it anew.
/// Throws as build_corpus(); UsageError for a part that is there and is another one, or is damaged.
BuiltPart build_part(const BuildOptions& options, const PartOfInput& part, const text::Tokenizer& tokenizer,
                     const std::string& program_version);

}  // namespace albert::corpus
