#include "corpus/examples/example_text.h"

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "text/piece_spelling.h"
#include "text/tokenizer.h"

namespace albert::corpus {

namespace {

/// One token as text: the space before it, and what is hidden, if it is masked.
/// \param label the original id, or -1
std::string token_text(std::int32_t id, std::int32_t label, const text::Tokenizer& tokenizer) {
  const auto [original, begins_word] = text::spelling_of(tokenizer, label < 0 ? id : label);
  const std::string_view space = begins_word ? " " : "";
  if (label < 0) return fmt::format("{}{}", space, original);
  const std::string_view shown = id == tokenizer.special().mask ? "MASK" : text::spelling_of(tokenizer, id).text;
  return fmt::format("{}[{}={}]", space, shown, original);
}

std::string segments_text(const Example& example, const text::Tokenizer& tokenizer) {
  std::string text;
  std::size_t masked = 0;
  for (std::size_t i = 0; i < example.token_ids.size(); ++i) {
    const std::int32_t id = example.token_ids[i];
    if (i == 0 || example.segment_ids[i] != example.segment_ids[i - 1])
      text += fmt::format("\nsegment {}:", example.segment_ids[i]);
    const bool is_masked =
        masked < example.labels.size() && example.masked_positions[masked] == static_cast<std::int32_t>(i);
    if (is_masked) {
      text += token_text(id, example.labels[masked++], tokenizer);
    } else if (id == tokenizer.special().cls || id == tokenizer.special().sep) {
      text += fmt::format(" {}", tokenizer.piece(id));
    } else {
      text += token_text(id, -1, tokenizer);
    }
  }
  return text + "\n";
}

std::string_view order_text(std::int32_t label, PairObjective objective) {
  if (objective == PairObjective::kNone) return "one segment, no label";
  if (label == 0) return "label 0: the second segment follows the first";
  return objective == PairObjective::kNextSentence ? "label 1: the second segment is from another document"
                                                   : "label 1: the segments are swapped";
}

std::string table_text(const Example& example, const text::Tokenizer& tokenizer) {
  std::string text = fmt::format("\n{:>8}  {:<18}{}\n", "position", "original", "shown as");
  for (std::size_t k = 0; k < example.labels.size(); ++k) {
    const std::int32_t position = example.masked_positions[k];
    text += fmt::format("{:>8}  {:<18}{}\n", position, tokenizer.piece(example.labels[k]),
                        tokenizer.piece(example.token_ids[static_cast<std::size_t>(position)]));
  }
  return text;
}

}  // namespace

std::string example_text(const Example& example, const text::Tokenizer& tokenizer, PairObjective objective) {
  return fmt::format("{} tokens, {} of them to predict\n{}\n", example.token_ids.size(), example.labels.size(),
                     order_text(example.order_label, objective)) +
         segments_text(example, tokenizer) + table_text(example, tokenizer);
}

std::string example_json(const Example& example) {
  const nlohmann::ordered_json json = {{"input_ids", example.token_ids},
                                       {"token_type_ids", example.segment_ids},
                                       {"masked_positions", example.masked_positions},
                                       {"labels", example.labels},
                                       {"order_label", example.order_label}};
  return json.dump() + "\n";
}

}  // namespace albert::corpus
