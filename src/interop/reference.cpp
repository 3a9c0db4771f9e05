#include "interop/reference.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include <ATen/core/Tensor.h>
#include <c10/core/GradMode.h>

#include "base/file.h"
#include "inference/scoring.h"
#include "model/pack.h"
#include "model/prediction_guard.h"
#include "model/pretraining.h"
#include "tasks/common/pair_encoding.h"

namespace albert::interop {

namespace {

using model::HeadKind;

constexpr std::size_t kMostTokens = 64;
constexpr std::size_t kNumChoices = 3;

/// Items whose scores are kept.
class ReferenceItems : public tasks::ItemSet {
 public:
  explicit ReferenceItems(std::vector<model::Item> items) : items_(std::move(items)), scores_(items_.size()) {}

  std::size_t num_items() const override { return items_.size(); }
  const model::Item& item(std::size_t index) const override { return items_[index]; }
  void take_scores(std::size_t index, std::span<const float> scores) override {
    scores_[index].assign(scores.begin(), scores.end());
  }
  const std::vector<std::vector<float>>& scores() const { return scores_; }

 private:
  std::vector<model::Item> items_;
  std::vector<std::vector<float>> scores_;  ///< by item
};

/// Makes items of texts for the head of a model.
class ItemMaker {
 public:
  ItemMaker(const SourceModel& source, std::span<const std::string> texts) : source_(source) {
    const auto most = std::min(kMostTokens, static_cast<std::size_t>(source.padded.config.max_position_embeddings));
    for (const std::string& text : texts) {
      std::vector<std::int32_t> ids;
      source.folder.tokenizer->encode(text, ids);
      ids.resize(std::min(ids.size(), (most - 3) / 2));  // so that two fit
      texts_.push_back(std::move(ids));
    }
  }

  std::vector<model::Item> make() const {
    std::vector<model::Item> items;
    for (std::size_t i = 0; i < texts_.size(); ++i) items.push_back(make(i));
    return items;
  }

 private:
  bool is_task(HeadKind kind) const {
    return source_.padded.head == GraphHead::kTask && source_.padded.task.kind == kind;
  }

  model::Sequence pair(std::size_t first, std::size_t second) const {
    return tasks::make_sequence(source_.folder.tokenizer->special(), texts_[first], texts_[second % texts_.size()]);
  }

  model::Item make(std::size_t i) const {
    model::Item item;
    if (is_task(HeadKind::kMultipleChoice)) {
      for (std::size_t choice = 0; choice < kNumChoices; ++choice) item.sequences.push_back(pair(i, i + choice));
      return item;
    }
    const bool is_question = is_task(HeadKind::kQuestionAnswering) || is_task(HeadKind::kJointQuestionAnswering);
    const bool takes_pairs = source_.padded.config.type_vocab_size > 1 && !is_task(HeadKind::kEmbedding);
    item.sequences.push_back(is_question || (takes_pairs && i % 2 == 1)
                                 ? pair(i, i + 1)
                                 : tasks::make_sequence(source_.folder.tokenizer->special(), texts_[i]));
    const auto length = static_cast<std::int32_t>(item.sequences.front().token_ids.size());
    if (is_task(HeadKind::kTokenClassification)) {
      item.positions.resize(static_cast<std::size_t>(length));
      std::iota(item.positions.begin(), item.positions.end(), 0);
    } else if (is_task(HeadKind::kEntityPair)) {
      item.positions = {length / 3, length - 1};
    }
    return item;
  }

  const SourceModel& source_;
  std::vector<std::vector<std::int32_t>> texts_;
};

std::int64_t longest(const std::vector<model::Item>& items) {
  std::size_t most = 0;
  for (const model::Item& item : items) {
    for (const model::Sequence& sequence : item.sequences) most = std::max(most, sequence.token_ids.size());
  }
  return static_cast<std::int64_t>(most);
}

std::vector<ReferenceInput> padded_inputs(const std::vector<model::Item>& items, std::int64_t pad_id) {
  const auto num_items = static_cast<std::int64_t>(items.size()), length = longest(items);
  const auto num_sequences = static_cast<std::int64_t>(items.front().sequences.size());
  std::vector<std::int64_t> shape = {num_items, length};
  if (num_sequences > 1) shape = {num_items, num_sequences, length};
  ReferenceInput ids{"input_ids", shape, {}}, mask{"attention_mask", shape, {}}, segments{"token_type_ids", shape, {}};
  ReferenceInput entities{"entity_positions", {num_items, 2}, {}};
  for (const model::Item& item : items) {
    for (const model::Sequence& sequence : item.sequences) {
      for (std::int64_t i = 0; i < length; ++i) {
        const bool is_token = i < static_cast<std::int64_t>(sequence.token_ids.size());
        ids.values.push_back(is_token ? sequence.token_ids[static_cast<std::size_t>(i)] : pad_id);
        mask.values.push_back(is_token ? 1 : 0);
        segments.values.push_back(is_token && i >= sequence.first_length ? 1 : 0);
      }
    }
    if (item.positions.size() == 2)
      entities.values.insert(entities.values.end(), item.positions.begin(), item.positions.end());
  }
  return {std::move(ids), std::move(mask), std::move(segments), std::move(entities)};
}

/// Puts rows of different lengths into a tensor of one, filled up with NaN.
class Padded {
 public:
  Padded(std::string name, std::vector<std::int64_t> shape) : output_{std::move(name), std::move(shape), {}} {
    const std::int64_t size =
        std::accumulate(output_.shape.begin(), output_.shape.end(), std::int64_t{1}, std::multiplies<>());
    output_.values.assign(static_cast<std::size_t>(size), std::numeric_limits<float>::quiet_NaN());
  }

  /// \param begin among all elements
  void put(std::int64_t begin, std::span<const float> values) {
    std::ranges::copy(values, output_.values.begin() + begin);
  }
  ReferenceOutput take() { return std::move(output_); }

 private:
  ReferenceOutput output_;
};

/// One output of as many numbers for each item.
ReferenceOutput of_items(const std::string& name, const std::vector<std::vector<float>>& scores) {
  const auto width = static_cast<std::int64_t>(scores.front().size());
  Padded padded(name, {static_cast<std::int64_t>(scores.size()), width});
  for (std::size_t i = 0; i < scores.size(); ++i) padded.put(static_cast<std::int64_t>(i) * width, scores[i]);
  return padded.take();
}

/// One output of `width` numbers for each token.
ReferenceOutput of_tokens(const std::string& name, const std::vector<std::vector<float>>& scores, std::int64_t length,
                          std::int64_t width) {
  Padded padded(name, {static_cast<std::int64_t>(scores.size()), length, width});
  for (std::size_t i = 0; i < scores.size(); ++i) padded.put(static_cast<std::int64_t>(i) * length * width, scores[i]);
  return padded.take();
}

std::int64_t length_of(const model::Item& item) {
  return static_cast<std::int64_t>(item.sequences.front().token_ids.size());
}

/// Scores of every token to be the start, then to be the end; see HeadKind.
std::vector<ReferenceOutput> of_spans(const std::vector<model::Item>& items,
                                      const std::vector<std::vector<float>>& scores, std::int64_t length) {
  const auto num_items = static_cast<std::int64_t>(items.size());
  Padded starts("start_logits", {num_items, length}), ends("end_logits", {num_items, length});
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::span<const float> both(scores[i]);
    const auto own = static_cast<std::size_t>(length_of(items[i]));
    starts.put(static_cast<std::int64_t>(i) * length, both.first(own));
    ends.put(static_cast<std::int64_t>(i) * length, both.subspan(own, own));
  }
  return {starts.take(), ends.take()};
}

/// Of the joint head: starts, and of having no answer. Ends belong to starts, of which equal ones may be in any order.
std::vector<ReferenceOutput> of_joint_spans(const std::vector<model::Item>& items,
                                            const std::vector<std::vector<float>>& scores, std::int64_t length) {
  const auto num_items = static_cast<std::int64_t>(items.size());
  Padded starts("start_logits", {num_items, length}), answerless("cls_logits", {num_items});
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::span<const float> all(scores[i]);
    starts.put(static_cast<std::int64_t>(i) * length, all.first(static_cast<std::size_t>(length_of(items[i]))));
    answerless.put(static_cast<std::int64_t>(i), all.last(1));
  }
  return {starts.take(), answerless.take()};
}

std::shared_ptr<model::TaskModel> open_model(const SourceModel& source) {
  if (source.task) return std::dynamic_pointer_cast<model::TaskModel>(source.module);
  const bool is_pooled = source.padded.head == GraphHead::kTask;
  const auto pooling = is_pooled ? source.padded.task.pooling : model::EmbeddingPooling::kNone;
  return inference::open_embedding_model(source.folder, {}, {.pooling = pooling}).model;
}

std::vector<ReferenceOutput> outputs_of_heads(const SourceModel& source, const std::vector<model::Item>& items) {
  ReferenceItems scored(items);
  inference::score_items(*open_model(source), scored, {});
  const auto& scores = scored.scores();
  const std::int64_t length = longest(items), hidden = source.padded.config.hidden_size;
  if (source.padded.head == GraphHead::kHiddenStates) return {of_tokens("last_hidden_state", scores, length, hidden)};
  switch (source.padded.task.kind) {
    case HeadKind::kTokenClassification:
      return {of_tokens("logits", scores, length, source.padded.task.num_labels)};
    case HeadKind::kQuestionAnswering:
      return of_spans(items, scores, length);
    case HeadKind::kJointQuestionAnswering:
      return of_joint_spans(items, scores, length);
    case HeadKind::kEmbedding:
      return {of_items("sentence_embedding", scores)};
    case HeadKind::kClassification:
    case HeadKind::kRegression:
    case HeadKind::kMultilabel:
    case HeadKind::kMultipleChoice:
    case HeadKind::kEntityPair:
      break;
  }
  return {of_items("logits", scores)};
}

std::vector<ReferenceOutput> outputs_of_masked_words(const SourceModel& source, const std::vector<model::Item>& items) {
  const model::PredictionGuard predicting;
  const auto& pretrained = dynamic_cast<const model::AlbertForPretraining&>(*source.module);
  std::vector<std::vector<float>> words, orders;
  for (const model::Item& item : items) {
    const model::Sequence& sequence = item.sequences.front();
    std::vector<std::int32_t> segments(sequence.token_ids.size(), 1), positions(sequence.token_ids.size());
    std::fill_n(segments.begin(), sequence.first_length, 0);
    std::iota(positions.begin(), positions.end(), 0);
    const model::PretrainingView view{{sequence.token_ids, segments}, positions, sequence.token_ids, 0};
    const auto logits = pretrained.logits(model::pack_pretraining({&view, 1}));
    const auto to_vector = [](const at::Tensor& tensor) {
      const at::Tensor whole = tensor.to(at::kFloat).contiguous();
      return std::vector<float>(whole.const_data_ptr<float>(), whole.const_data_ptr<float>() + whole.numel());
    };
    words.push_back(to_vector(logits.masked_lm));
    orders.push_back(to_vector(logits.order));
  }
  std::vector<ReferenceOutput> outputs = {of_tokens("logits", words, longest(items), source.padded.config.vocab_size)};
  if (source.padded.has_sentence_order) outputs.push_back(of_items(sentence_order_output(source.padded), orders));
  return outputs;
}

}  // namespace

Reference make_reference(const SourceModel& source, std::span<const std::string> texts) {
  const std::vector<model::Item> items = ItemMaker(source, texts).make();
  Reference reference{padded_inputs(items, source.padded.config.pad_token_id), {}};
  const bool has_entities = source.padded.head == GraphHead::kTask && source.padded.task.kind == HeadKind::kEntityPair;
  if (!has_entities) reference.inputs.pop_back();
  reference.outputs = source.padded.head == GraphHead::kMaskedWords ? outputs_of_masked_words(source, items)
                                                                    : outputs_of_heads(source, items);
  return reference;
}

}  // namespace albert::interop
