#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "model/item.h"
#include "tasks/task.h"
#include "text/tokenizer.h"

namespace albert::inference {

struct Candidate {
  std::int32_t id;
  std::string token;  ///< the piece as the vocabulary spells it
  double probability;
};

/// What a model puts in the place of one mask.
struct FilledMask {
  std::int64_t position;               ///< where the mask stands among the tokens of "[CLS] text [SEP]", from 0
  std::vector<Candidate> predictions;  ///< the most probable first
};

/// A list of {"position", "predictions": [{"id", "token", "probability"}]}.
nlohmann::ordered_json to_json(const std::vector<FilledMask>& masks);

/// A text with masks as a model reads it.
struct MaskedText {
  std::vector<std::int32_t> ids;        ///< [L] those of "[CLS] text [SEP]"
  std::vector<std::int32_t> positions;  ///< [P] where the masks stand among the ids, ascending
  std::vector<text::Piece> masks;       ///< [P] the masks with their places in the text
};

/// Encodes a text, and finds its masks. It may have more tokens than a model has positions for.
/// \param place for messages: "inputs[3]"; empty: there is only this text
/// Throws DataError if the text has no mask.
MaskedText encode_masked(const text::Tokenizer& tokenizer, std::string_view text, std::string_view place = {});

/// Some texts with masks, each an item whose positions are those of its masks, and what belongs there.
class MaskedWindow final : public tasks::ItemSet {
 public:
  /// \param tokenizer outlives the object
  /// \param top_k predictions per mask; at most the size of the vocabulary
  MaskedWindow(const text::Tokenizer& tokenizer, std::int64_t top_k) : tokenizer_(tokenizer), top_k_(top_k) {}

  void add(MaskedText masked);

  std::size_t num_items() const override { return items_.size(); }
  const model::Item& item(std::size_t index) const override { return items_[index]; }
  /// \param scores [P, V] logits of the vocabulary's pieces
  void take_scores(std::size_t index, std::span<const float> scores) override;

  /// Of a text's masks, in their order, the most probable words, each on its own.
  const std::vector<FilledMask>& masks(std::size_t index) const { return filled_[index]; }

 private:
  const text::Tokenizer& tokenizer_;
  std::int64_t top_k_;
  std::vector<model::Item> items_;
  std::vector<std::vector<FilledMask>> filled_;
};

}  // namespace albert::inference
