#include "model/item_batch.h"

#include <algorithm>

#include <ATen/ATen.h>

#include "model/item_check.h"
#include "model/pack.h"
#include "ops/to_device.h"

namespace albert::model {

namespace {

/// Undefined for no values, which is what no item has then.
template <typename T>
at::Tensor to_tensor(const std::vector<T>& values, at::ScalarType type) {
  if (values.empty()) return {};
  at::Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())}, type);
  std::copy(values.begin(), values.end(), tensor.mutable_data_ptr<T>());
  return tensor;
}

/// The items' arrays end to end.
template <typename T>
std::vector<T> joined(std::span<const Item* const> items, std::vector<T> Item::*member) {
  std::vector<T> all;
  for (const Item* item : items) all.insert(all.end(), (item->*member).begin(), (item->*member).end());
  return all;
}

PackedBatch pack_sequences(std::span<const Item* const> items, std::int64_t first_number) {
  std::vector<std::vector<std::int32_t>> segments;
  std::vector<SequenceView> views;
  for (const Item* item : items) {
    for (const Sequence& sequence : item->sequences) {
      std::vector<std::int32_t>& ids = segments.emplace_back(sequence.token_ids.size(), 1);
      std::fill_n(ids.begin(), sequence.first_length, 0);
      views.push_back({sequence.token_ids, ids});  // moving a vector leaves its elements where they are
    }
  }
  return pack(views, first_number);
}

/// Reads the rows that the items name, each once and in ascending order, and says where each item's came to lie.
void read_positions(std::span<const Item* const> items, ItemBatch& batch) {
  std::vector<std::int64_t> asked;
  batch.asked_offsets.push_back(0);
  for (std::size_t i = 0; i < items.size(); ++i) {
    for (const std::int32_t position : items[i]->positions) asked.push_back(batch.sequences.offsets[i] + position);
    batch.asked_offsets.push_back(static_cast<std::int64_t>(asked.size()));
  }
  std::vector<std::int64_t> rows = asked;
  std::ranges::sort(rows);
  const auto surplus = std::ranges::unique(rows);
  rows.erase(surplus.begin(), surplus.end());
  batch.read = select_rows(batch.sequences, rows);
  batch.asked_in_read = at::empty({static_cast<std::int64_t>(asked.size())}, at::kLong);  // [sum of P]
  std::ranges::transform(asked, batch.asked_in_read.mutable_data_ptr<std::int64_t>(),
                         [&](std::int64_t row) { return std::ranges::lower_bound(rows, row) - rows.begin(); });
}

void choose_rows(std::span<const Item* const> items, HeadKind kind, ItemBatch& batch) {
  switch (kind) {
    case HeadKind::kTokenClassification:
    case HeadKind::kEntityPair:
      return read_positions(items, batch);
    case HeadKind::kQuestionAnswering:
    case HeadKind::kJointQuestionAnswering:
    case HeadKind::kEmbedding:
      batch.reads_all_rows = true;
      return;
    case HeadKind::kClassification:
    case HeadKind::kRegression:
    case HeadKind::kMultilabel:
    case HeadKind::kMultipleChoice:
      break;
  }
  batch.read = select_first_rows(batch.sequences);
}

}  // namespace

ItemBatch ItemBatch::to(at::Device device) const {
  ItemBatch batch = *this;
  batch.sequences = sequences.to(device);
  batch.read = read.to(device);
  for (at::Tensor* tensor : {&batch.asked_in_read, &batch.labels, &batch.values})
    *tensor = ops::to_device(*tensor, device);
  return batch;
}

std::int64_t count_targets(const Item& item, HeadKind kind) {
  switch (kind) {
    case HeadKind::kTokenClassification:
      return static_cast<std::int64_t>(item.labels.size());
    case HeadKind::kMultilabel:
      return static_cast<std::int64_t>(item.values.size());
    default:
      return 1;
  }
}

double target_weight(const Item& item, HeadKind kind, const LossConfig& loss) {
  if (loss.class_weights.empty() || kind == HeadKind::kMultilabel) {
    return static_cast<double>(count_targets(item, kind));
  }
  double sum = 0;
  for (const std::int64_t label : item.labels) sum += loss.class_weights.at(static_cast<std::size_t>(label));
  return sum;
}

ItemBatch pack_items(std::span<const Item* const> items, HeadKind kind, std::int64_t first_number) {
  check_items(items, kind);
  ItemBatch batch;
  batch.sequences = pack_sequences(items, first_number);
  batch.item_offsets.push_back(0);
  for (const Item* item : items) {
    batch.item_offsets.push_back(batch.item_offsets.back() + static_cast<std::int64_t>(item->sequences.size()));
    batch.num_targets += count_targets(*item, kind);
  }
  choose_rows(items, kind, batch);
  batch.labels = to_tensor(joined(items, &Item::labels), at::kLong);
  batch.values = to_tensor(joined(items, &Item::values), at::kFloat);
  return batch;
}

}  // namespace albert::model
