#include "model/item_check.h"

#include <algorithm>

#include "base/error.h"

namespace albert::model {

namespace {

/// How many labels and values an item has, if it has any.
struct Truth {
  std::size_t num_labels = 0;
  std::size_t num_values = 0;
};

Truth truth_of(const Item& item, HeadKind kind) {
  switch (kind) {
    case HeadKind::kRegression:
      return {.num_values = 1};
    case HeadKind::kMultilabel:
      return {.num_values = item.values.size()};  // as many as there are classes, which the head knows
    case HeadKind::kTokenClassification:
      return {.num_labels = item.positions.size()};
    case HeadKind::kQuestionAnswering:
      return {.num_labels = 2};
    case HeadKind::kJointQuestionAnswering:
      return {.num_labels = 3};
    case HeadKind::kEmbedding:
      return {.num_labels = 1, .num_values = 1};
    case HeadKind::kClassification:
    case HeadKind::kMultipleChoice:
    case HeadKind::kEntityPair:
      break;
  }
  return {.num_labels = 1};
}

bool has_right_number_of_sequences(const Item& item, HeadKind kind) {
  const std::size_t count = item.sequences.size();
  if (kind == HeadKind::kMultipleChoice) return count >= 1;
  return count == 1 || (kind == HeadKind::kEmbedding && count == 2);
}

bool below(std::int64_t label, std::size_t size) {
  return label >= 0 && static_cast<std::size_t>(label) < size;
}

/// Whether labels that are places are places of the item. Whether a class exists is for the head to say.
bool labels_are_places(const Item& item, HeadKind kind) {
  if (item.labels.empty()) return true;
  if (kind == HeadKind::kMultipleChoice) return below(item.labels[0], item.sequences.size());
  if (kind != HeadKind::kQuestionAnswering && kind != HeadKind::kJointQuestionAnswering) return true;
  const std::size_t length = item.sequences[0].token_ids.size();
  const bool answerable_fits = item.labels.size() == 2 || below(item.labels[2], 2);
  return below(item.labels[0], length) && below(item.labels[1], length) && answerable_fits;
}

void check_places(const Item& item, HeadKind kind, std::size_t index) {
  for (const Sequence& sequence : item.sequences) {
    const auto length = static_cast<std::int32_t>(sequence.token_ids.size());
    if (sequence.first_length < 1 || sequence.first_length > length) {
      throw InternalError("item {} of the batch: {} of a sequence's {} tokens are of segment 0", index,
                          sequence.first_length, length);
    }
  }
  const std::size_t length = item.sequences[0].token_ids.size();
  const auto outside = std::ranges::find_if(item.positions, [&](std::int32_t p) { return !below(p, length); });
  if (outside != item.positions.end()) {
    throw InternalError("item {} of the batch: position {} is outside its sequence of {} tokens", index, *outside,
                        length);
  }
  if (kind == HeadKind::kEntityPair && item.positions.size() != 2) {
    throw InternalError("item {} of the batch: expected the positions of two entities, found {}", index,
                        item.positions.size());
  }
}

void check_item(const Item& item, HeadKind kind, std::size_t index) {
  if (!has_right_number_of_sequences(item, kind)) {
    throw InternalError("item {} of the batch: its head does not take {} sequences", index, item.sequences.size());
  }
  check_places(item, kind, index);
  const Truth truth = truth_of(item, kind);
  if ((!item.labels.empty() && item.labels.size() != truth.num_labels) ||
      (!item.values.empty() && item.values.size() != truth.num_values)) {
    throw InternalError("item {} of the batch: its head takes {} labels and {} values, found {} and {}", index,
                        truth.num_labels, truth.num_values, item.labels.size(), item.values.size());
  }
  if (!labels_are_places(item, kind)) {
    throw InternalError("item {} of the batch: a label names a place that it does not have", index);
  }
}

/// An item with no position to be labelled is neither labelled nor not.
bool asks_nothing(const Item& item, HeadKind kind) {
  return kind == HeadKind::kTokenClassification && item.positions.empty();
}

}  // namespace

void check_items(std::span<const Item* const> items, HeadKind kind) {
  if (items.empty()) throw InternalError("a batch needs at least one item");
  std::size_t num_asked = 0, with_labels = 0, with_values = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Item& item = *items[i];
    check_item(item, kind, i);
    if (item.sequences.size() != items[0]->sequences.size() && kind == HeadKind::kEmbedding) {
      throw InternalError("item {} of the batch has {} texts, the first one {}", i, item.sequences.size(),
                          items[0]->sequences.size());
    }
    num_asked += asks_nothing(item, kind) ? 0 : 1;
    with_labels += item.labels.empty() ? 0 : 1;
    with_values += item.values.empty() ? 0 : 1;
  }
  for (const std::size_t known : {with_labels, with_values}) {
    if (known != 0 && known != num_asked) {
      throw InternalError("{} of the batch's {} items say what is right: expected all or none", known, num_asked);
    }
  }
}

}  // namespace albert::model
