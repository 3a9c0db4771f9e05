#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "corpus/files/inputs.h"
#include "corpus/parts/input_part.h"
#include "corpus/parts/part_folders.h"
#include "corpus/parts/part_writer.h"
#include "corpus/reading/reader_options.h"

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

/// Draws a sample of the lines of one part of an input, as make_part() makes a part.
/// Throws as DocumentStream and make_part().
BuiltPart sample_part(const SampleOptions& options, const PartOfInput& part, const std::string& program_version);

/// The lines that one sample of the whole input would hold, in their order.
/// \param parts as find_parts() gives them
/// Throws DataError for a part that is damaged; IoError.
std::vector<std::string> merge_samples(const std::vector<FoundPart>& parts);

}  // namespace albert::corpus
