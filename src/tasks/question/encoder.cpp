#include "tasks/question/encoder.h"

#include <algorithm>
#include <utility>

#include "tasks/common/pair_encoding.h"
#include "tasks/question/answer_place.h"
#include "text/whitespace.h"

namespace albert::tasks {

namespace {

constexpr std::size_t kQuestionMemoryBytes = std::size_t{8} << 20;

/// The tokens of the first answer that has some.
std::optional<TokenRange> first_in_place(const std::vector<text::Piece>& pieces,
                                         const std::vector<GoldAnswer>& answers) {
  for (const GoldAnswer& answer : answers) {
    if (!answer.begin) continue;
    const ByteRange bytes{*answer.begin, *answer.begin + answer.text.size()};
    if (const auto tokens = tokens_covering(pieces, bytes)) return tokens;
  }
  return std::nullopt;
}

}  // namespace

TokenRange context_tokens(const model::Sequence& sequence) {
  return {static_cast<std::size_t>(sequence.first_length), sequence.token_ids.size() - 1};
}

QuestionEncoder::QuestionEncoder(const text::Tokenizer& tokenizer, QuestionSettings settings, std::int64_t max_length)
    : tokenizer_(tokenizer),
      question_encoder_(tokenizer.make_encoder(kQuestionMemoryBytes)),
      settings_(std::move(settings)),
      max_length_(static_cast<std::size_t>(max_length)) {}

std::optional<Encoded<QuestionTrace>> QuestionEncoder::encode(const Question& question, Purpose purpose) {
  const std::shared_ptr<const EncodedContext> context = encode_context(question.context);
  // The joint head scores the ends of labelled items given the right start: good for a loss, not for an answer.
  const bool is_training = purpose == Purpose::kTraining;
  std::optional<Target> target;
  if (is_training || (question.is_known(settings_.no_answer) && !settings_.joint_head)) {
    target.emplace(Target{first_in_place(context->pieces, question.answers)});
    const bool is_lost = !target->answer && !question.answers.empty();
    if (is_lost && is_training) return std::nullopt;
    if (is_lost) target.reset();
  }
  const std::vector<std::int32_t> ids = encode_question(question.text);
  const SlidingWindows windows(context->pieces.size(), max_length_ - ids.size() - 3,
                               static_cast<std::size_t>(settings_.stride));
  Encoded<QuestionTrace> encoded{.items = {}, .trace = {context, windows}};
  for (std::size_t i = 0; i < windows.count(); ++i) {
    model::Item item = make_item(ids, *context, windows[i]);
    if (target) item.labels = labels_of(item, windows[i], *target);
    encoded.items.push_back(std::move(item));
  }
  return encoded;
}

std::shared_ptr<const EncodedContext> QuestionEncoder::encode_context(const std::shared_ptr<const std::string>& text) {
  if (contexts_.size() >= max_contexts_) {
    std::erase_if(contexts_, [](const auto& entry) { return entry.first.expired(); });
    max_contexts_ = std::max(max_contexts_, 2 * contexts_.size());
  }
  const auto [entry, is_new] = contexts_.try_emplace(text);
  num_contexts_ += is_new;
  if (auto known = entry->second.lock()) return known;
  auto encoded = std::make_shared<const EncodedContext>(
      EncodedContext{text, tokenizer_.encode_with_offsets(*text, text::SpecialTokens::kAsText)});
  entry->second = encoded;
  return encoded;
}

std::vector<std::int32_t> QuestionEncoder::encode_question(std::string_view text) {
  std::vector<std::int32_t> ids;
  question_encoder_->encode(text::trim(text), ids);
  const auto limit = static_cast<std::size_t>(settings_.max_question_length);
  if (ids.size() > limit) {
    ids.resize(limit);
    ++num_cut_;
  }
  return ids;
}

model::Item QuestionEncoder::make_item(const std::vector<std::int32_t>& question, const EncodedContext& context,
                                       TokenRange window) const {
  std::vector<std::int32_t> ids;
  ids.reserve(window.size());
  for (std::size_t i = window.begin; i < window.end; ++i) ids.push_back(context.pieces[i].id);
  model::Item item;
  item.sequences.push_back(make_sequence(tokenizer_.special(), question, ids));
  return item;
}

/// Where the window does not hold the whole answer, its target is [CLS], and that there is no answer
/// (google-research/albert squad_utils.py:450-465).
std::vector<std::int64_t> QuestionEncoder::labels_of(const model::Item& item, TokenRange window,
                                                     const Target& target) const {
  const auto& answer = target.answer;
  const bool is_here = answer && answer->begin >= window.begin && answer->end <= window.end;
  std::vector<std::int64_t> labels = {0, 0};
  if (is_here) {
    const std::size_t shift = context_tokens(item.sequences.front()).begin;
    labels = {static_cast<std::int64_t>(answer->begin - window.begin + shift),
              static_cast<std::int64_t>(answer->end - 1 - window.begin + shift)};
  }
  if (settings_.joint_head) labels.push_back(is_here ? 1 : 0);
  return labels;
}

}  // namespace albert::tasks
