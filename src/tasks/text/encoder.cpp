#include "tasks/text/encoder.h"

#include <utility>

namespace albert::tasks {

namespace {

/// Gives the memory of a text back too.
void drop(std::string& text) {
  std::string().swap(text);
}

}  // namespace

std::optional<Encoded<NoTrace>> TextEncoder::encode(TextRecord& record, Purpose /*purpose*/) {
  model::Item item = encode_texts(record);
  if (record.is_labelled && set_labels_) set_labels_(record, item);
  drop(record.first);
  if (record.second) drop(*record.second);
  return Encoded<NoTrace>{.items = {std::move(item)}, .trace = {}};
}

model::Item TextEncoder::encode_texts(const TextRecord& record) {
  model::Item item;
  bool is_cut = false;
  if (pairs_ == Pairs::kTogether) {
    item.sequences.push_back(encode_together(record, is_cut));
  } else {
    item.sequences.push_back(encode_alone(record.first, is_cut));
    if (record.second) item.sequences.push_back(encode_alone(*record.second, is_cut));
  }
  num_truncated_ += is_cut;
  return item;
}

model::Item TextEncoder::encode_ids(std::vector<std::int32_t> ids) {
  num_truncated_ += truncate(ids, max_length_, cut_side_) > 0;
  const auto length = static_cast<std::int32_t>(ids.size());
  model::Item item;
  item.sequences.push_back({.token_ids = std::move(ids), .first_length = length});
  return item;
}

model::Sequence TextEncoder::encode_together(const TextRecord& record, bool& is_cut) {
  first_.clear();
  second_.clear();
  encoder_->encode(record.first, first_);
  if (record.second) encoder_->encode(*record.second, second_);
  const std::size_t num_special = record.second ? 3 : 2;
  is_cut = truncate_pair(first_, second_, max_length_ - num_special, cut_side_) > 0;
  return record.second ? make_sequence(special_, first_, second_) : make_sequence(special_, first_);
}

model::Sequence TextEncoder::encode_alone(const std::string& text, bool& is_cut) {
  first_.clear();
  encoder_->encode(text, first_);
  is_cut |= truncate(first_, max_length_ - 2, cut_side_) > 0;
  return make_sequence(special_, first_);
}

}  // namespace albert::tasks
