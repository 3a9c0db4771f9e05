#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

namespace albert::examples {

/// Texts, or pairs of texts, as an exported model takes them: B of them, in rows of L numbers, the tokens of the longest.
struct Batch {
  std::int64_t num_texts = 0;                ///< B
  std::int64_t length = 0;                   ///< L
  std::vector<std::int64_t> input_ids;       ///< [B, L]
  std::vector<std::int64_t> attention_mask;  ///< [B, L], 1 for a token, 0 for padding
  std::vector<std::int64_t> token_type_ids;  ///< [B, L], 1 for the second text of a pair
};

/// What a runtime does: the model's `logits` for a batch, [B, classes], row after row.
using Model = std::function<std::vector<float>(Batch& batch)>;

/// Reads texts from standard input, one a line, or pairs of texts with a tab between; prints a line of probabilities, one
/// for each class, for each of them, or the number that a model of regression gives.
/// \param folder what `albert export` wrote: its tokenizer, and what its config.json says of the scores
/// Throws ModelError and exceptions of nlohmann::json for a folder that is broken.
void classify_standard_input(const std::filesystem::path& folder, const Model& model);

}  // namespace albert::examples
