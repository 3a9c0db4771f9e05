#pragma once

#include <string>

#include "corpus/building/build_options.h"
#include "corpus/parts/input_part.h"
#include "corpus/parts/part_writer.h"

namespace albert::text {
class Tokenizer;
}

namespace albert::corpus {

/// Builds one part of a corpus, which merge_corpus() puts together, as make_part() does.
/// \param options whose output is the folder that holds the parts
/// \param program_version is kept with the part: only the same version can merge it
/// Throws as build_corpus() and make_part().
BuiltPart build_part(const BuildOptions& options, const PartOfInput& part, const text::Tokenizer& tokenizer,
                     const std::string& program_version);

}  // namespace albert::corpus
