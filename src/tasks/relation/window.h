#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tasks/common/label_answers.h"
#include "tasks/relation/encoding.h"
#include "tasks/relation/relations.h"
#include "tasks/task.h"

namespace albert::tasks {

/// Some sentences of a stream. A line of kText is a sentence with the tags <e1>, </e1>, <e2>, </e2>; of kTsv a row
/// whose header names such a sentence `sentence`; of kJsonl an object as read_relation_lines() takes it.
class RelationWindow : public RecordWindow {
 public:
  /// \param header of kTsv
  RelationWindow(RecordFormat format, std::string_view header, std::vector<std::string> labels,
                 RelationEncoding encoding);

  /// What stands before the predictions; empty if nothing does.
  std::string out_header() const;

  void add(std::string_view record, const Place& place) override;
  std::size_t num_records() const override { return records_.size(); }
  void write(std::size_t record, std::string& out) const override;
  void clear() override { records_.clear(); }
  std::size_t num_truncated() const override { return encoding_.num_truncated(); }

  std::size_t num_items() const override { return records_.size(); }
  const model::Item& item(std::size_t index) const override { return records_[index].item; }
  void take_scores(std::size_t index, std::span<const float> scores) override;

 private:
  struct Entry {
    std::string row;
    model::Item item;
    TextAnswer answer = {};
  };

  void read_header(std::string_view header);
  RelationRecord parse(std::string_view record, const Place& place) const;

  RecordFormat format_;
  std::string header_;
  std::size_t num_columns_ = 0;
  std::size_t sentence_column_ = 0;
  TextAnswers answers_;
  RelationEncoding encoding_;
  std::vector<Entry> records_;
};

}  // namespace albert::tasks
