#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/pipeline.h"
#include "base/progress.h"
#include "corpus/building/build_options.h"
#include "corpus/encoding/block_encoder.h"
#include "corpus/reading/document_stream.h"

namespace albert::text {
class Tokenizer;
}

namespace albert::corpus {

/// The documents of an input as encoded blocks in their order, made on several threads, with progress.
class EncodedInput {
 public:
  /// \param title of the progress: "building the corpus"
  /// \param options of which the settings of the reader, the language, the threads, and what asks for a MinHash count
  EncodedInput(const std::string& title, const std::vector<InputFile>& files, const BuildOptions& options,
               const text::Tokenizer& tokenizer);

  /// The next block; nothing after the last one.
  /// \param num_documents that were written, for the progress
  /// Throws as DocumentStream::next().
  std::optional<EncodedBlock> next(std::uint64_t num_documents);

  /// What was read, under the names of a manifest.
  std::map<std::string, std::uint64_t> statistics() const;
  const DocumentStream& stream() const { return stream_; }

 private:
  std::string rate(std::uint64_t num_documents) const;

  DocumentStream stream_;
  std::vector<BlockEncoder> encoders_;
  Pipeline<TextBlock, EncodedBlock> pipeline_;  ///< uses the members above
  std::optional<Progress> progress_;            ///< until the text ends
  std::uint64_t num_cut_sentences_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace albert::corpus
