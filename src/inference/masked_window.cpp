#include "inference/masked_window.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/shown.h"
#include "tasks/common/float_digits.h"

namespace albert::inference {

nlohmann::ordered_json to_json(const std::vector<FilledMask>& masks) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const FilledMask& mask : masks) {
    nlohmann::ordered_json predictions = nlohmann::ordered_json::array();
    for (const auto& [id, token, probability] : mask.predictions) {
      predictions.push_back({{"id", id}, {"token", token}, {"probability", tasks::float_digits(probability)}});
    }
    list.push_back({{"position", mask.position}, {"predictions", std::move(predictions)}});
  }
  return list;
}

MaskedText encode_masked(const text::Tokenizer& tokenizer, std::string_view text, std::string_view place) {
  const text::SpecialIds& special = tokenizer.special();
  MaskedText masked;
  masked.ids.push_back(special.cls);
  for (const text::Piece& piece : tokenizer.encode_with_offsets(text, text::SpecialTokens::kParse)) {
    if (piece.id == special.mask) {
      masked.positions.push_back(static_cast<std::int32_t>(masked.ids.size()));
      masked.masks.push_back(piece);
    }
    masked.ids.push_back(piece.id);
  }
  masked.ids.push_back(special.sep);
  if (!masked.positions.empty()) return masked;
  throw DataError("{}{}there is nothing to fill in: the text holds no [MASK]: {}", place, place.empty() ? "" : ": ",
                  in_quotes(text));
}

void MaskedWindow::add(MaskedText masked) {
  const auto length = static_cast<std::int32_t>(masked.ids.size());
  items_.push_back({.sequences = {{.token_ids = std::move(masked.ids), .first_length = length}},
                    .positions = std::move(masked.positions),
                    .labels = {},
                    .values = {}});
  filled_.emplace_back();
}

}  // namespace albert::inference
