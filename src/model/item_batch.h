#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/head_config.h"
#include "model/item.h"
#include "model/packed_batch.h"

namespace albert::model {

/// Items of one kind as tensors. B sequences, T tokens, R rows that the head reads, I items.
struct ItemBatch {
  PackedBatch sequences;
  std::vector<std::int64_t> item_offsets;   ///< [I + 1] where each item's sequences begin
  bool reads_all_rows = false;              ///< the head reads all T rows, and `read` is empty
  RowSelection read;                        ///< else these: each [CLS], or the positions that the items name
  at::Tensor asked_in_read;                 ///< [sum of P] int64, indices of the items' positions into the R rows read,
                                            ///< in the items' order; undefined where heads read no positions
  std::vector<std::int64_t> asked_offsets;  ///< [I + 1] where each item's positions begin in `asked_in_read`; or empty
  at::Tensor labels;                        ///< int64, the items' labels end to end; undefined if not known
  at::Tensor values;                        ///< float32, the items' values end to end; undefined if not known
  std::int64_t num_targets = 0;             ///< what the sum of the losses is divided by: see count_targets()

  std::int64_t num_items() const { return static_cast<std::int64_t>(item_offsets.size()) - 1; }
  ItemBatch to(at::Device device) const;
};

/// How many losses an item adds up: one for each labelled position of kTokenClassification, for each class of
/// kMultilabel, else one. Transformers' losses are the means over these.
std::int64_t count_targets(const Item& item, HeadKind kind);

/// What the sum of an item's losses under `loss` is divided by: its targets, each by the weight of its class, as
/// reduction="mean" of torch.nn.CrossEntropyLoss does. The factors of kMultilabel's labels do not count there, as in
/// torch.nn.BCEWithLogitsLoss.
double target_weight(const Item& item, HeadKind kind, const LossConfig& loss);

/// Lays items end to end.
/// \param first_number number in its update of the first one's first sequence; the others follow
/// Throws InternalError for items that do not fit the kind of head or each other.
ItemBatch pack_items(std::span<const Item* const> items, HeadKind kind, std::int64_t first_number = 0);

}  // namespace albert::model
