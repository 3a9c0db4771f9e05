#include "inference/vector_window.h"

#include <algorithm>

#include "tasks/text/readers.h"

namespace albert::inference {

namespace {

tasks::TextRecord parse(std::string_view line, VectorFormat format, const tasks::Place& place) {
  static const tasks::TextColumns kColumns{.first = {"text"}};
  tasks::TextRecord record;
  if (format == VectorFormat::kJsonl) {
    record = tasks::parse_json_record(line, kColumns, /*need_labels=*/false, place);
  } else {
    record.place = place;
    record.first = line;
  }
  tasks::check_texts(record);
  return record;
}

}  // namespace

std::string text_of_line(std::string_view line, VectorFormat format, const tasks::Place& place) {
  return parse(line, format, place).first;
}

void VectorWindow::add(std::string_view record, const tasks::Place& place) {
  add_item(encoder_.encode_texts(parse(record, format_, place)), record);
}

void VectorWindow::add_ids(std::vector<std::int32_t> ids) {
  add_item(encoder_.encode_ids(std::move(ids)), "");
}

void VectorWindow::add_item(model::Item item, std::string_view row) {
  items_.push_back(std::move(item));
  rows_.emplace_back(row);
  begins_.push_back(begins_.back() + static_cast<std::size_t>(size_(items_.back().num_tokens())));
}

void VectorWindow::take_scores(std::size_t index, std::span<const float> scores) {
  vectors_.resize(begins_.back());  // with the first scores, of a size that is known: no record makes them grow
  std::ranges::copy(scores, vectors_.begin() + static_cast<std::ptrdiff_t>(begins_[index]));
}

void VectorWindow::clear() {
  rows_.clear();
  items_.clear();
  begins_.resize(1);
  vectors_.clear();
}

}  // namespace albert::inference
