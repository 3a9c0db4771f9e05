#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/output.h"
#include "inference/open_model.h"
#include "text/vocabulary_change.h"

namespace albert::interop {

inline constexpr const char* kExtendCommand = "tokenizer extend";
inline constexpr const char* kReplaceCommand = "tokenizer replace";

/// Where a model with another vocabulary is written: what either command wrote may be replaced.
/// \param command that is to write it, for messages
/// Throws UsageError if it may not be written there.
OutputFolder changed_model_output(const Output& output, std::string_view command);

/// Writes a model with another vocabulary into an existing folder: config.json, of which the size of the vocabulary
/// changes and, unless every id stays, those of its special tokens; model.safetensors in float32, of which the tables
/// with a row for each piece change (word embeddings, the bias of the head for masked words); the tokenizer's files;
/// and what sentence-transformers reads, where the model has it, with the settings that it has.
/// A table that is larger than its vocabulary keeps its size where the ids stay, until they need more.
/// \return the number of rows
/// Throws ModelError naming each tensor of the wrong shape, IoError.
std::int64_t write_with_vocabulary(const std::filesystem::path& folder, const inference::ModelFolder& source,
                                   const text::VocabularyChange& change);

}  // namespace albert::interop
