#include "inference/fill_mask.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

#include "base/error.h"
#include "base/random.h"
#include "model/pack.h"
#include "model/prediction_guard.h"
#include "text/piece_spelling.h"
#include "text/tokenizer.h"

namespace albert::inference {

namespace {

/// A text with masks as a model reads it.
struct MaskedText {
  std::vector<std::int32_t> ids;        ///< [L] those of "[CLS] text [SEP]"
  std::vector<std::int32_t> positions;  ///< [P] where the masks stand among the ids, ascending
  std::vector<text::Piece> masks;       ///< [P] the masks with their places in the text
};

/// Encodes a text, and finds its masks.
/// \param max_length tokens that the model has positions for
/// Throws DataError if the text has no mask, or more tokens than that.
MaskedText encode_masked(const text::Tokenizer& tokenizer, std::string_view text, std::int64_t max_length) {
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
  if (masked.positions.empty()) throw DataError("there is nothing to fill in: the text holds no [MASK]: \"{}\"", text);
  if (static_cast<std::int64_t>(masked.ids.size()) > max_length) {
    throw DataError("the text has {} tokens with [CLS] and [SEP], but the model has {} positions; shorten the text",
                    masked.ids.size(), max_length);
  }
  return masked;
}

/// What the model says of some tokens, without dropout.
/// \param positions [P] among the ids
/// \return [P, V] logits of the vocabulary's pieces, float32 on the CPU
at::Tensor masked_logits(const model::AlbertForPretraining& model, const text::Tokenizer& tokenizer,
                         const std::vector<std::int32_t>& ids, const std::vector<std::int32_t>& positions) {
  const model::PredictionGuard predicting;
  const std::vector<std::int32_t> unknown_labels(positions.size(), 0);
  const model::PretrainingView view{{ids, {}}, positions, unknown_labels, -1};
  const model::PretrainingBatch batch = model::pack_pretraining({&view, 1}).to(model.compute().device);
  const at::Tensor scores = model.logits(batch).masked_lm;
  // Some published models have more rows than their vocabulary has pieces.
  return scores.narrow(1, 0, tokenizer.vocabulary_size()).to(at::kCPU, at::kFloat);  // [P, V]
}

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
  const at::Tensor sums = at::softmax(best.to(at::kDouble) / options.temperature, 0).cumsum(0);  // [K]
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

std::vector<FilledMask> fill_mask(const model::AlbertForPretraining& model, const text::Tokenizer& tokenizer,
                                  std::string_view text, std::int64_t top_k) {
  const MaskedText masked = encode_masked(tokenizer, text, model.config().max_position_embeddings);
  const at::Tensor logits = masked_logits(model, tokenizer, masked.ids, masked.positions);      // [P, V]
  const at::Tensor probabilities = at::softmax(logits, 1, at::kFloat);                          // [P, V]
  const auto [best, best_ids] = probabilities.topk(std::min(top_k, probabilities.size(1)), 1);  // [P, K] twice

  std::vector<FilledMask> result;
  for (std::int64_t p = 0; p < best.size(0); ++p) {
    FilledMask& mask = result.emplace_back(FilledMask{masked.positions[static_cast<std::size_t>(p)], {}});
    for (std::int64_t k = 0; k < best.size(1); ++k) {
      const auto id = static_cast<std::int32_t>(best_ids[p][k].item<std::int64_t>());
      mask.predictions.push_back({id, std::string(tokenizer.piece(id)), best[p][k].item<double>()});
    }
  }
  return result;
}

std::vector<FillStep> fill_iteratively(const model::AlbertForPretraining& model, const text::Tokenizer& tokenizer,
                                       std::string_view text, const IterativeOptions& options) {
  const MaskedText masked = encode_masked(tokenizer, text, model.config().max_position_embeddings);
  std::vector<std::int32_t> ids = masked.ids;
  std::vector<std::optional<std::int32_t>> found(masked.positions.size());
  std::vector<std::size_t> left(found.size());  // masks that are not filled yet
  std::iota(left.begin(), left.end(), std::size_t{0});
  std::vector<FillStep> steps;
  while (!left.empty()) {
    std::vector<std::int32_t> positions;
    positions.reserve(left.size());
    for (const std::size_t m : left) positions.push_back(masked.positions[m]);
    const at::Tensor logits =
        without_special(masked_logits(model, tokenizer, ids, positions), tokenizer.special());  // [P, V]
    const at::Tensor probabilities = at::softmax(logits, 1);                                    // [P, V]
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
