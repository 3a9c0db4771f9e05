#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/task.h"
#include "tasks/text/encoder.h"

namespace albert::inference {

/// How the texts of a stream come in.
enum class VectorFormat {
  kText,   ///< a text a line
  kJsonl,  ///< an object a line, with the text in its field "text"
};

/// The text of a line.
/// Throws DataError if there is none, or the line is not valid.
std::string text_of_line(std::string_view line, VectorFormat format, const tasks::Place& place);

/// Some texts of a stream, and their vectors.
class VectorWindow : public tasks::RecordWindow {
 public:
  /// How many numbers a text of so many tokens has.
  using Size = std::function<std::int64_t(std::int64_t num_tokens)>;

  VectorWindow(VectorFormat format, Size size, tasks::TextEncoder encoder)
      : format_(format), size_(std::move(size)), encoder_(std::move(encoder)) {}

  void add(std::string_view record, const tasks::Place& place) override;
  /// Adds a record that is encoded: its row is empty.
  /// \param ids the sequence as the model reads it, with the special tokens
  void add_ids(std::vector<std::int32_t> ids);
  std::size_t num_records() const override { return rows_.size(); }
  /// The record as it came: vectors are no text.
  void write(std::size_t record, std::string& out) const override { out += rows_[record] + '\n'; }
  void write_empty(std::string_view /*record*/, std::string& out) const override {
    out += format_ == VectorFormat::kJsonl ? "{}\n" : "\n";
  }
  void clear() override;
  std::size_t num_truncated() const override { return encoder_.num_truncated(); }
  bool set_cut_side(tasks::CutSide side) override {
    encoder_.set_cut_side(side);
    return true;
  }

  std::size_t num_items() const override { return items_.size(); }
  const model::Item& item(std::size_t index) const override { return items_[index]; }
  void take_scores(std::size_t index, std::span<const float> scores) override;

  const std::string& row(std::size_t record) const { return rows_[record]; }
  std::span<const float> vectors() const {
    return vectors_;
  }  ///< the records' numbers, end to end, once they are taken
  std::span<const float> vector(std::size_t record) const {
    return vectors().subspan(begins_[record], begins_[record + 1] - begins_[record]);
  }

 private:
  void add_item(model::Item item, std::string_view row);

  VectorFormat format_;
  Size size_;
  tasks::TextEncoder encoder_;
  std::vector<std::string> rows_;
  std::vector<model::Item> items_;
  std::vector<std::size_t> begins_ = {0};  ///< [records + 1] in `vectors_`
  std::vector<float> vectors_;
};

}  // namespace albert::inference
