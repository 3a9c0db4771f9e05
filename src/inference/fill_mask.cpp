#include "inference/fill_mask.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/random.h"
#include "inference/scoring.h"
#include "model/pack.h"
#include "model/prediction_guard.h"
#include "text/piece_spelling.h"
#include "text/tokenizer.h"

namespace albert::inference {

namespace {

constexpr std::uint64_t kDraws = 0x2001;  ///< what the random numbers are for

bool is_ascii_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// Appends a piece behind a text. WordPiece marks no spaces, only that a piece goes on with a word: others stand apart
/// from a letter, and elsewhere keep the space that is there.
void append_piece(const text::PieceSpelling& piece, bool is_wordpiece, std::string& out) {
  const std::size_t end = out.find_last_not_of(" \t\r\n") + 1;  // before the space that is there
  if (!piece.begins_word) {
    out.resize(end);
  } else if (end == out.size() && !out.empty()) {
    const bool joins_words =
        is_ascii_alphanumeric(out.back()) && !piece.text.empty() && is_ascii_alphanumeric(piece.text.front());
    if (!is_wordpiece || joins_words) out += ' ';
  }
  out += piece.text;
}

/// Throws DataError if the text has no mask, or more tokens than the model has positions.
MaskedText encode_whole(const model::AlbertForPretraining& model, const text::Tokenizer& tokenizer,
                        std::string_view text) {
  MaskedText masked = encode_masked(tokenizer, text);
  const std::int64_t num_positions = model.config().max_position_embeddings;
  if (std::ssize(masked.ids) <= num_positions) return masked;
  throw DataError("the text has {} tokens with [CLS] and [SEP], but the model has {} positions; shorten the text",
                  masked.ids.size(), num_positions);
}

/// The text with the pieces that were found so far in place of their masks.
std::string replace_masks(const text::Tokenizer& tokenizer, std::string_view text, const MaskedText& masked,
                          const std::vector<std::optional<std::int32_t>>& found) {
  const bool is_wordpiece = tokenizer.kind() == text::VocabularyKind::kWordPiece;
  std::string out;
  std::size_t done = 0;
  for (std::size_t m = 0; m < found.size(); ++m) {
    out += text.substr(done, masked.masks[m].begin - done);
    done = masked.masks[m].end;
    if (found[m]) {
      append_piece(text::spelling_of(tokenizer, *found[m]), is_wordpiece, out);
    } else {
      out += text.substr(masked.masks[m].begin, done - masked.masks[m].begin);
    }
  }
  return out += text.substr(done);
}

/// Draws a class.
/// \param logits [V]
std::int64_t draw(const at::Tensor& logits, const IterativeOptions& options, std::uint64_t step) {
  const std::int64_t count = options.top_k == 0 ? logits.size(0) : std::min(options.top_k, logits.size(0));
  const auto [best, ids] = logits.topk(count);  // [K] twice, the largest first
  // The largest score is 0, which no temperature makes infinite, and so none becomes NaN.
  const double temperature = std::max(options.temperature, std::numeric_limits<double>::min());
  const at::Tensor scores = best.to(at::kDouble);                                        // [K]
  const at::Tensor sums = at::softmax((scores - scores[0]) / temperature, 0).cumsum(0);  // [K]
  const double point = Random(random_key(options.seed, {kDraws}), step).uniform() * sums[count - 1].item<double>();
  const auto place = at::searchsorted(sums, at::scalar_tensor(point, sums.options()), false, /*right=*/true);
  return ids[std::min(place.item<std::int64_t>(), count - 1)].item<std::int64_t>();
}

/// Logits in which no special token can be chosen.
/// \param logits [P, V]
at::Tensor without_special(const at::Tensor& logits, const text::SpecialIds& special) {
  at::Tensor allowed = logits.clone();
  for (const std::int32_t id : {special.pad, special.unknown, special.cls, special.sep, special.mask}) {
    allowed.select(1, id).fill_(-std::numeric_limits<float>::infinity());
  }
  return allowed;
}

}  // namespace

at::Tensor masked_logits(const model::AlbertForPretraining& model, const text::Tokenizer& tokenizer,
                         std::span<const model::Item* const> items) {
  const model::PredictionGuard predicting;
  std::size_t most = 0;
  for (const model::Item* item : items) most = std::max(most, item->positions.size());
  const std::vector<std::int32_t> unknown_labels(most, 0);
  std::vector<model::PretrainingView> views;
  for (const model::Item* item : items) {
    views.push_back({{item->sequences.front().token_ids, {}},
                     item->positions,
                     std::span(unknown_labels).first(item->positions.size()),
                     -1});
  }
  const model::PretrainingBatch batch = model::pack_pretraining(views).to(model.compute().device);
  const at::Tensor scores = model.logits(batch).masked_lm;
  // Some published models have more rows than their vocabulary has pieces.
  const at::Tensor logits =
      scores.narrow(1, 0, tokenizer.vocabulary_size()).to(at::kCPU, at::kFloat).contiguous();  // [sum of P, V]
  check_finite(logits);
  return logits;
}

std::vector<FilledMask> fill_mask(const model::AlbertForPretraining& model, const text::Tokenizer& tokenizer,
                                  std::string_view text, std::int64_t top_k) {
  MaskedWindow window(tokenizer, top_k);
  window.add(encode_whole(model, tokenizer, text));
  const model::Item* const item = &window.item(0);
  const at::Tensor logits = masked_logits(model, tokenizer, {&item, 1});
  window.take_scores(0, {logits.const_data_ptr<float>(), static_cast<std::size_t>(logits.numel())});
  return window.masks(0);
}

std::vector<FillStep> fill_iteratively(const model::AlbertForPretraining& model, const text::Tokenizer& tokenizer,
                                       std::string_view text, const IterativeOptions& options) {
  const MaskedText masked = encode_whole(model, tokenizer, text);
  std::vector<std::int32_t> ids = masked.ids;
  std::vector<std::optional<std::int32_t>> found(masked.positions.size());
  std::vector<std::size_t> left(found.size());  // masks that are not filled yet
  std::iota(left.begin(), left.end(), std::size_t{0});
  std::vector<FillStep> steps;
  while (!left.empty()) {
    std::vector<std::int32_t> positions;
    positions.reserve(left.size());
    for (const std::size_t m : left) positions.push_back(masked.positions[m]);
    const model::Item item{.sequences = {{.token_ids = ids, .first_length = static_cast<std::int32_t>(ids.size())}},
                           .positions = std::move(positions),
                           .labels = {},
                           .values = {}};
    const model::Item* const asked = &item;
    const at::Tensor logits =
        without_special(masked_logits(model, tokenizer, {&asked, 1}), tokenizer.special());  // [P, V]
    const at::Tensor probabilities = at::softmax(logits, 1);                                 // [P, V]
    const auto surest = std::get<0>(probabilities.max(1)).argmax().item<std::int64_t>();
    const std::int64_t id = options.sample ? draw(logits[surest], options, steps.size())
                                           : probabilities[surest].argmax().item<std::int64_t>();
    const std::size_t mask = left[static_cast<std::size_t>(surest)];
    left.erase(left.begin() + surest);
    found[mask] = static_cast<std::int32_t>(id);
    ids[static_cast<std::size_t>(masked.positions[mask])] = *found[mask];
    steps.push_back(
        {masked.positions[mask],
         {*found[mask], std::string(tokenizer.piece(*found[mask])), probabilities[surest][id].item<double>()},
         replace_masks(tokenizer, text, masked, found)});
  }
  return steps;
}

}  // namespace albert::inference
