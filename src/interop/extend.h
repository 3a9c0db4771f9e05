#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "interop/vocabulary_change.h"

namespace albert::interop {

/// Gives the next line of a text; false at the end.
using LineSource = std::function<bool(std::string&)>;

struct ExtendOptions {
  std::filesystem::path model;
  Output output;
  std::optional<std::filesystem::path> words;  ///< a file with a word a line; nothing: words of a text
  std::uint64_t max_pieces = 1000;             ///< of a text's words, those that save the most tokens
};

/// What the new pieces save of the text that they are from.
struct SavedTokens {
  std::uint64_t before = 0;
  std::uint64_t after = 0;
};

/// What was added to a vocabulary.
struct ExtendReport {
  std::optional<SavedTokens> saved;   ///< of a text
  std::vector<std::string> known;     ///< words of the file that the vocabulary has already, or the file twice
  std::vector<std::string> left_out;  ///< words that would not be found as one piece
  std::int32_t num_pieces_before = 0;
  std::int32_t num_added = 0;
  std::int32_t num_from_all = 0;  ///< those that start from the mean of all pieces
  std::int64_t num_rows = 0;      ///< of the tables
};

/// Writes a model whose vocabulary has more words. The folder appears whole or not at all.
/// \param open_text where there is no file of words: called once it is known that the output can be written
/// Throws UsageError, DataError where there is nothing to add, ModelError, IoError.
ExtendReport extend_model(const ExtendOptions& options, const std::function<LineSource()>& open_text);

struct ReplaceOptions {
  std::filesystem::path model;
  std::filesystem::path tokenizer;  ///< the new one: a folder or a file
  Output output;
};

/// Where the pieces of the new vocabulary start from.
struct ReplaceReport {
  std::int32_t num_pieces_before = 0;
  std::int32_t num_kept = 0;
  std::int32_t num_from_pieces = 0;
  std::int32_t num_from_all = 0;
  std::int64_t num_rows = 0;
};

/// Writes a model with another vocabulary. The folder appears whole or not at all.
ReplaceReport replace_in_model(const ReplaceOptions& options);

}  // namespace albert::interop
