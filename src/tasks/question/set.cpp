#include "tasks/question/set.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
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

/// Where answers lie in a sequence: segment 1 without its [SEP].
TokenRange context_tokens(const model::Sequence& sequence) {
  return {static_cast<std::size_t>(sequence.first_length), sequence.token_ids.size() - 1};
}

}  // namespace

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

bool QuestionSet::add_question(std::string_view text, std::size_t context_number, const std::vector<GoldAnswer>* gold) {
  const Context& context = contexts_[context_number];
  std::optional<TokenRange> answer;
  if (gold != nullptr && !gold->empty()) {
    answer = first_in_place(context.pieces, *gold);
    if (!answer) return false;
  }
  const std::vector<std::int32_t> question = encode_question(text);
  const SlidingWindows windows(context.pieces.size(), max_length_ - question.size() - 3,
                               static_cast<std::size_t>(config_.stride));
  questions_.push_back({.context = context_number, .first_item = items_.size(), .windows = windows});
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
  if (config_.joint_head && !items_[index].labels.empty()) {
    throw InternalError("the joint head's scores of an item with labels are for training only");
  }
  Entry& entry = questions_[question_of_[index]];
  if (entry.num_taken++ == entry.windows.count()) {
    entry.ranking = {};
    entry.of_all_spans = {};
    entry.num_taken = 1;
  }
  const std::size_t window = index - entry.first_item;
  const model::Sequence& sequence = items_[index].sequences.front();
  const std::size_t length = sequence.token_ids.size();
  if (config_.joint_head) {
    entry.ranking.add_none(scores.back(), 0, static_cast<std::uint32_t>(window));
  } else if (scores.size() == 2 * length) {
    entry.ranking.add_none(scores[0], scores[length], static_cast<std::uint32_t>(window));
  } else {
    throw InternalError("{} scores of starts and ends for {} tokens", scores.size(), length);
  }
  rank(entry, window, search(sequence, scores), entry.ranking);
  if (!config_.no_answer && !entry.ranking.best()) {
    rank(entry, window, all_spans(scores, span_search(sequence)), entry.of_all_spans);
  }
}

SpanSearch QuestionSet::span_search(const model::Sequence& sequence) const {
  return {.context = context_tokens(sequence),
          .num_starts = static_cast<std::size_t>(config_.n_best),
          .num_ends = static_cast<std::size_t>(config_.n_best),
          .max_answer_length = static_cast<std::size_t>(config_.max_answer_length)};
}

std::vector<TokenSpan> QuestionSet::search(const model::Sequence& sequence, std::span<const float> scores) const {
  SpanSearch search = span_search(sequence);
  if (!config_.joint_head) return find_spans(scores, search);
  search.num_starts = static_cast<std::size_t>(config_.num_starts);
  search.num_ends = static_cast<std::size_t>(config_.num_ends);
  return find_joint_spans(scores, sequence.token_ids.size(), search);
}

void QuestionSet::rank(const Entry& entry, std::size_t window, const std::vector<TokenSpan>& spans,
                       AnswerRanking& ranking) const {
  const Context& context = contexts_[entry.context];
  const std::size_t first_of_context = context_tokens(items_[entry.first_item + window].sequences.front()).begin;
  const std::size_t first_of_window = entry.windows[window].begin;
  for (const TokenSpan& span : spans) {
    const TokenRange tokens{span.first - first_of_context + first_of_window,
                            span.last - first_of_context + first_of_window + 1};
    if (!entry.windows.shows_best(window, tokens.begin)) continue;
    const ByteRange bytes = bytes_covered(context.pieces, tokens, context.text);
    if (bytes.begin == bytes.end) continue;
    ranking.add({.begin = static_cast<std::uint32_t>(bytes.begin),
                 .end = static_cast<std::uint32_t>(bytes.end),
                 .start_score = span.start_score,
                 .end_score = span.end_score,
                 .window = static_cast<std::uint32_t>(window)},
                context.text, static_cast<std::size_t>(config_.n_best));
  }
}

const AnswerRanking& QuestionSet::ranking(std::size_t question) const {
  const Entry& entry = questions_[question];
  return entry.ranking.best() || config_.no_answer ? entry.ranking : entry.of_all_spans;
}

double QuestionSet::null_odds(std::size_t question) const {
  return config_.joint_head ? ranking(question).null_score() : ranking(question).null_odds();
}

std::vector<RankedAnswer> QuestionSet::n_best(std::size_t question) const {
  return ranking(question).n_best(static_cast<std::size_t>(config_.n_best), config_.no_answer && !config_.joint_head);
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

}  // namespace albert::tasks
