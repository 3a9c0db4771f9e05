#pragma once

#include <cstdio>
#include <filesystem>

#include "inference/open_model.h"
#include "inference/record_stream.h"
#include "inference/vector_window.h"

namespace albert::inference {

struct EmbedOptions : StreamOptions {
  std::filesystem::path output;
  bool overwrite = false;  ///< replace the index that lies at `output`
  VectorFormat format = VectorFormat::kText;
};

/// Turns the texts of a stream into vectors of length 1: `output` becomes a float32 matrix [N, H] in NumPy's format, in
/// the order of the input, with the texts and what made the vectors (VectorOrigin) beside it; see IndexWriter. They
/// appear when the stream has ended; memory does not grow with it. With BadRecord::kEmpty a text that cannot be read
/// has a row of NaN, which no search finds, or no tokens, and an empty text or object beside it.
///
/// Of a model without pooling a row is the hidden state of a token as it is, and beside `output` lie where each text's
/// rows begin and what its tokens are; and the attention probabilities, if the model gives them: see token_files.
/// Throws UsageError, too, if the stream is a file that the index would replace.
StreamReport embed(const EmbeddingModel& opened, int input, const EmbedOptions& options);

/// Writes the vector of each text of a stream as it comes, in the order of the input: a line that is a JSON array of H
/// numbers, or `null` for a text that cannot be read and is not left out.
/// \param opened a model with pooling
StreamReport embed_to_lines(const EmbeddingModel& opened, int input, std::FILE* output, const StreamOptions& options,
                            VectorFormat format);

}  // namespace albert::inference
