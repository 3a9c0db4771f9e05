#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "corpus/document_stream.h"
#include "corpus/input_part.h"
#include "corpus/inputs.h"
#include "corpus/part_builder.h"
#include "corpus/part_folders.h"

namespace albert::corpus {

/// What lines are drawn of, to train a tokenizer on, and how many.
struct SampleOptions {
  InputOptions inputs;
  std::filesystem::path output;  ///< the folder that holds the parts
  bool overwrite = false;
  ReaderOptions reader;
  std::uint64_t seed = 1;
  std::uint64_t max_lines = 10'000'000;
  std::uint64_t max_bytes = std::uint64_t{128} << 20;
};

/// Draws a sample of the lines of one part of an input: a folder within `options.output` under the name of the part,
/// whole or absent. A part that is there and whole is left, as by build_part().
/// Throws as build_part().
BuiltPart sample_part(const SampleOptions& options, const PartOfInput& part, const std::string& program_version);

/// The lines that one sample of the whole input would hold, in their order.
/// \param parts as find_parts() gives them
/// Throws DataError for a part that is damaged; IoError.
std::vector<std::string> merge_samples(const std::vector<FoundPart>& parts);

}  // namespace albert::corpus
