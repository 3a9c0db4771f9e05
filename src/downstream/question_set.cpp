#include "downstream/question_set.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "downstream/span_search.h"
#include "text/whitespace.h"

namespace albert::downstream {

namespace {

constexpr std::size_t kQuestionMemoryBytes = std::size_t{8} << 20;

/// The bytes that tokens of a text stand for, without white space at the ends.
AnswerSpan bytes_of(const std::vector<text::Piece>& pieces, std::size_t first, std::size_t last,
                    std::string_view context) {
  const std::string_view whole = context.substr(pieces[first].begin, pieces[last].end - pieces[first].begin);
  const std::string_view trimmed = text::trim(whole);
  const auto begin = static_cast<std::uint32_t>(trimmed.data() - context.data());
  return {.begin = begin, .end = begin + static_cast<std::uint32_t>(trimmed.size())};
}

/// The tokens of the first answer that has some.
std::optional<TokenRange> first_in_place(const std::vector<text::Piece>& pieces,
                                         const std::vector<datasets::GoldAnswer>& answers) {
  for (const datasets::GoldAnswer& answer : answers) {
    if (!answer.begin) continue;
    if (const auto tokens = tokens_covering(pieces, *answer.begin, *answer.begin + answer.text.size())) return tokens;
  }
  return std::nullopt;
}

/// Where answers lie in a sequence: segment 1 without its [SEP].
TokenRange context_tokens(const model::Sequence& sequence) {
  return {static_cast<std::size_t>(sequence.first_length), sequence.token_ids.size() - 1};
}

}  // namespace

std::optional<TokenRange> tokens_covering(const std::vector<text::Piece>& pieces, std::size_t begin, std::size_t end) {
  const auto covers = [begin, end](const text::Piece& piece) {
    return piece.begin < piece.end && piece.begin < end && piece.end > begin;
  };
  const auto first = std::find_if(pieces.begin(), pieces.end(), covers);
  if (first == pieces.end()) return std::nullopt;
  const auto behind = std::find_if(first, pieces.end(), [end](const text::Piece& piece) { return piece.begin >= end; });
  auto last = behind;
  while (!covers(*--last)) continue;
  return TokenRange{static_cast<std::size_t>(first - pieces.begin()),
                    static_cast<std::size_t>(last - pieces.begin()) + 1};
}

QuestionSet::QuestionSet(std::shared_ptr<const text::Tokenizer> tokenizer, const QuestionConfig& config,
                         std::int64_t max_length)
    : tokenizer_(std::move(tokenizer)),
      question_encoder_(tokenizer_->make_encoder(kQuestionMemoryBytes)),
      config_(config),
      max_length_(static_cast<std::size_t>(max_length)) {}

std::size_t QuestionSet::add_context(std::string text) {
  if (contexts_.empty() || contexts_.back().text != text) {
    std::vector<text::Piece> pieces = tokenizer_->encode_with_offsets(text, text::SpecialTokens::kAsText);
    contexts_.push_back({std::move(text), std::move(pieces)});
  }
  return contexts_.size() - 1;
}

bool QuestionSet::add_question(std::string_view text, std::size_t context_number,
                               const std::vector<datasets::GoldAnswer>* gold) {
  const Context& context = contexts_[context_number];
  std::optional<TokenRange> answer;
  if (gold != nullptr && !gold->empty()) {
    answer = first_in_place(context.pieces, *gold);
    if (!answer) return false;
  }
  const std::vector<std::int32_t> question = encode_question(text);
  const SlidingWindows windows(context.pieces.size(), max_length_ - question.size() - 3,
                               static_cast<std::size_t>(config_.stride));
  questions_.push_back({context_number, items_.size(), windows, {}});
  for (std::size_t i = 0; i < windows.count(); ++i) {
    items_.push_back(make_item(question, context, windows[i]));
    if (gold != nullptr) items_.back().labels = labels_of(items_.back(), windows[i], answer);
    question_of_.push_back(static_cast<std::uint32_t>(questions_.size() - 1));
  }
  return true;
}

std::vector<std::int32_t> QuestionSet::encode_question(std::string_view text) {
  std::vector<std::int32_t> ids;
  question_encoder_->encode(text::trim(text), ids);
  const auto limit = static_cast<std::size_t>(config_.max_question_length);
  if (ids.size() > limit) {
    ids.resize(limit);
    ++num_cut_questions_;
  }
  return ids;
}

model::Item QuestionSet::make_item(const std::vector<std::int32_t>& question, const Context& context,
                                   TokenRange window) const {
  model::Sequence sequence;
  std::vector<std::int32_t>& ids = sequence.token_ids;
  ids.reserve(question.size() + window.size() + 3);
  ids.push_back(tokenizer_->special().cls);
  ids.insert(ids.end(), question.begin(), question.end());
  ids.push_back(tokenizer_->special().sep);
  sequence.first_length = static_cast<std::int32_t>(ids.size());
  for (std::size_t i = window.begin; i < window.end; ++i) ids.push_back(context.pieces[i].id);
  ids.push_back(tokenizer_->special().sep);
  model::Item item;
  item.sequences.push_back(std::move(sequence));
  return item;
}

/// Where the window does not hold the whole answer, its target is [CLS], and that there is no answer
/// (google-research/albert squad_utils.py:450-465).
std::vector<std::int64_t> QuestionSet::labels_of(const model::Item& item, TokenRange window,
                                                 const std::optional<TokenRange>& answer) const {
  const bool is_here = answer && answer->begin >= window.begin && answer->end <= window.end;
  std::vector<std::int64_t> labels = {0, 0};
  if (is_here) {
    const std::size_t shift = context_tokens(item.sequences.front()).begin;
    labels = {static_cast<std::int64_t>(answer->begin - window.begin + shift),
              static_cast<std::int64_t>(answer->end - 1 - window.begin + shift)};
  }
  if (config_.joint_head) labels.push_back(is_here ? 1 : 0);
  return labels;
}

void QuestionSet::clear() {
  contexts_.clear();
  questions_.clear();
  items_.clear();
  question_of_.clear();
}

void QuestionSet::take_scores(std::size_t index, std::span<const float> scores) {
  if (std::any_of(scores.begin(), scores.end(), [](float score) { return std::isnan(score); })) {
    throw NumericalError("the model's scores of question {} hold NaN: the model did not train, or its file is damaged",
                         question_of_[index]);
  }
  if (config_.joint_head && !items_[index].labels.empty()) {
    throw InternalError("the joint head's scores of an item with labels are for training only");
  }
  Entry& entry = questions_[question_of_[index]];
  take_spans(entry, index - entry.first_item, items_[index].sequences.front(), scores);
}

void QuestionSet::take_spans(Entry& entry, std::size_t window, const model::Sequence& sequence,
                             std::span<const float> scores) {
  const TokenRange tokens = context_tokens(sequence);
  const std::size_t length = sequence.token_ids.size();
  const auto n_best = static_cast<std::size_t>(config_.n_best);
  const auto number = static_cast<std::uint32_t>(window);
  SpanSearch search{.context = tokens,
                    .num_starts = n_best,
                    .num_ends = n_best,
                    .max_answer_length = static_cast<std::size_t>(config_.max_answer_length)};
  std::vector<TokenSpan> spans;
  if (config_.joint_head) {
    search.num_starts = static_cast<std::size_t>(config_.num_starts);
    search.num_ends = static_cast<std::size_t>(config_.num_ends);
    spans = find_joint_spans(scores, length, search);
    entry.ranking.add_none(scores.back(), 0, number);
  } else {
    spans = find_spans(scores, search);
    entry.ranking.add_none(scores[0], scores[length], number);
  }
  const Context& context = contexts_[entry.context];
  for (const TokenSpan& span : spans) {
    const std::size_t shift = entry.windows[window].begin - tokens.begin;
    if (!entry.windows.shows_best(window, span.first + shift)) continue;
    AnswerSpan bytes = bytes_of(context.pieces, span.first + shift, span.last + shift, context.text);
    if (bytes.is_none()) continue;
    bytes.start_score = span.start_score;
    bytes.end_score = span.end_score;
    bytes.window = number;
    entry.ranking.add(bytes, context.text, n_best);
  }
}

double QuestionSet::null_odds(std::size_t question) const {
  const AnswerRanking& ranking = questions_[question].ranking;
  return config_.joint_head ? ranking.null_score() : ranking.null_odds();
}

std::vector<RankedAnswer> QuestionSet::n_best(std::size_t question) const {
  return questions_[question].ranking.n_best(static_cast<std::size_t>(config_.n_best),
                                             config_.no_answer && !config_.joint_head);
}

RankedAnswer QuestionSet::answer(std::size_t question) const {
  const double odds = null_odds(question);
  const bool has_none = config_.no_answer && odds > config_.null_threshold;
  for (const RankedAnswer& answer : n_best(question)) {
    if (answer.span.is_none() == has_none) return answer;
  }
  // The joint head's n best do not hold that there is none: it has a probability of its own.
  return {{}, config_.joint_head ? 1 / (1 + std::exp(-odds)) : 1};
}

}  // namespace albert::downstream
