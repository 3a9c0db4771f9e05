#include <spdlog/fmt/fmt.h>

#include "base/random.h"
#include "model/item_batch.h"
#include "model/task_model.h"
#include "parity_cases.h"

namespace albert::gpu {

namespace {

using model::EmbeddingObjective;
using model::EmbeddingPooling;
using model::HeadConfig;
using model::HeadKind;
using model::Item;

constexpr std::int64_t kClasses = 3;

model::Sequence sequence_of(std::int32_t length, Random& random) {
  model::Sequence sequence;
  for (std::int32_t i = 0; i < length; ++i)
    sequence.token_ids.push_back(static_cast<std::int32_t>(5 + random.below(kVocabulary - 5)));
  sequence.first_length = length / 2;
  return sequence;
}

/// An item with all that its kind asks for.
Item item_of(const HeadConfig& head, std::int64_t number, Random& random) {
  const auto length = static_cast<std::int32_t>(12 + 5 * number);
  Item item;
  item.sequences.push_back(sequence_of(length, random));
  switch (head.kind) {
    case HeadKind::kClassification:
      item.labels = {number % kClasses};
      break;
    case HeadKind::kRegression:
      item.values = {static_cast<float>(number) / 3};
      break;
    case HeadKind::kMultilabel:
      item.values = {1, static_cast<float>(number % 2), 0};
      break;
    case HeadKind::kTokenClassification:
      item.positions = {1, 5, 3};
      item.labels = {0, 2, number % kClasses};
      break;
    case HeadKind::kQuestionAnswering:
      item.labels = {length - 4, length - 2};
      break;
    case HeadKind::kJointQuestionAnswering:
      item.labels = {length - 4, length - 2, number % 2};
      break;
    case HeadKind::kMultipleChoice:
      item.sequences.push_back(sequence_of(9, random));
      item.labels = {number % 2};
      break;
    case HeadKind::kEntityPair:
      item.positions = {2, 7};
      item.labels = {number % kClasses};
      break;
    case HeadKind::kEmbedding:
      item.sequences.push_back(sequence_of(11, random));
      if (head.objective == EmbeddingObjective::kCosine) item.values = {0.3F};
      if (head.objective == EmbeddingObjective::kClassification) item.labels = {number % kClasses};
      break;
  }
  return item;
}

}  // namespace

std::vector<std::pair<std::string, HeadConfig>> heads() {
  std::vector<std::pair<std::string, HeadConfig>> all;
  for (const auto& [name, kind] : {std::pair("classes", HeadKind::kClassification),
                                   {"a number", HeadKind::kRegression},
                                   {"labels", HeadKind::kMultilabel},
                                   {"tokens", HeadKind::kTokenClassification},
                                   {"answers", HeadKind::kQuestionAnswering},
                                   {"answers, jointly", HeadKind::kJointQuestionAnswering},
                                   {"choices", HeadKind::kMultipleChoice},
                                   {"entity pairs", HeadKind::kEntityPair}})
    all.push_back({name, {.kind = kind, .num_labels = kClasses}});
  for (const auto& [name, pooling, objective] :
       {std::tuple("vectors, mean, cosine", EmbeddingPooling::kMean, EmbeddingObjective::kCosine),
        {"vectors, first token, classes", EmbeddingPooling::kFirstToken, EmbeddingObjective::kClassification},
        {"vectors, mean, negatives", EmbeddingPooling::kMean, EmbeddingObjective::kInBatchNegatives}})
    all.push_back(
        {name, {.kind = HeadKind::kEmbedding, .num_labels = kClasses, .pooling = pooling, .objective = objective}});
  return all;
}

Tensors head_outcome(const HeadConfig& head, at::Device device, at::ScalarType type) {
  const auto made = model::make_task_model(small_config(), head, compute_for(device, type));
  fill_parameters(*made);
  Random random(3, 0);
  std::vector<Item> items;
  std::vector<const Item*> pointers;
  for (std::int64_t i = 0; i < 5; ++i) items.push_back(item_of(head, i, random));
  for (const Item& item : items) pointers.push_back(&item);
  const model::ItemBatch batch = model::pack_items(pointers, head.kind).to(device);
  const at::Tensor scores = made->scores(batch, {.training = true, .seed = 5, .step = 3});
  model::LossConfig loss;
  if (head.kind == HeadKind::kClassification) loss = {{1, 0.5F, 2}, 0.1};
  made->loss_sum(scores, batch, loss).backward();
  Tensors all = {scores.detach().cpu()};
  append_gradients(*made, all);
  return all;
}

}  // namespace albert::gpu
