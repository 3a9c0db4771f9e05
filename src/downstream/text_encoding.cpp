#include "downstream/text_encoding.h"

#include "downstream/pair_encoding.h"

namespace albert::downstream {

model::Item TextEncoding::encode(const datasets::TextRecord& record) {
  first_.clear();
  second_.clear();
  encoder_->encode(record.first, first_);
  if (record.second) encoder_->encode(*record.second, second_);
  const std::size_t num_special = record.second ? 3 : 2;
  if (truncate_pair(first_, second_, max_length_ - num_special) > 0) ++num_truncated_;
  model::Item item;
  item.sequences.push_back(record.second ? make_sequence(special_, first_, second_) : make_sequence(special_, first_));
  return item;
}

}  // namespace albert::downstream
