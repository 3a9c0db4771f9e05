#include "tasks/text/encoding.h"

#include <algorithm>

#include "tasks/common/pair_encoding.h"

namespace albert::tasks {

model::Item TextEncoding::encode(const TextRecord& record) {
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

model::Item TextEncoding::encode_apart(const TextRecord& record) {
  const std::size_t num_truncated = num_truncated_;
  model::Item item;
  item.sequences.push_back(encode_alone(record.first));
  if (record.second) item.sequences.push_back(encode_alone(*record.second));
  num_truncated_ = std::min(num_truncated_, num_truncated + 1);  // a record, however many of its texts were cut
  return item;
}

model::Sequence TextEncoding::encode_alone(const std::string& text) {
  first_.clear();
  encoder_->encode(text, first_);
  if (first_.size() > max_length_ - 2) {
    first_.resize(max_length_ - 2);
    ++num_truncated_;
  }
  return make_sequence(special_, first_);
}

}  // namespace albert::tasks
