#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/choice/choices.h"
#include "tasks/choice/encoding.h"
#include "tasks/task.h"

namespace albert::tasks {

/// Some questions of a stream. A line of kText is a context, which may be empty, the question, and two or more choices,
/// apart by tabs; of kTsv a row whose header names `question`, `context` (if there is one), and the choices by names
/// that begin with "choice"; of kJsonl an object as read_choice_lines() takes it.
class ChoiceWindow : public RecordWindow {
 public:
  /// \param header of kTsv
  ChoiceWindow(RecordFormat format, std::string_view header, ChoiceEncoding encoding);

  /// What stands before the predictions; empty if nothing does.
  std::string out_header() const;

  void add(std::string_view record, const Place& place) override;
  std::size_t num_records() const override { return records_.size(); }
  /// The letter of the choice and the probability of each; of an object also the choice itself, as members of it.
  void write(std::size_t record, std::string& out) const override;
  void clear() override { records_.clear(); }
  std::size_t num_truncated() const override { return encoding_.num_truncated(); }

  std::size_t num_items() const override { return records_.size(); }
  const model::Item& item(std::size_t index) const override { return records_[index].item; }
  void take_scores(std::size_t index, std::span<const float> scores) override;

 private:
  struct Entry {
    std::string row;
    std::vector<std::string> choices;
    model::Item item;
    std::vector<float> scores = {};
  };
  /// The columns of kTsv by their places.
  struct Columns {
    std::size_t count = 0;
    std::optional<std::size_t> context;
    std::optional<std::size_t> question;
    std::vector<std::size_t> choices;
  };

  void read_header(std::string_view header);
  ChoiceQuestion parse(std::string_view record, const Place& place) const;
  ChoiceQuestion from_fields(const std::vector<std::string_view>& fields, const Place& place) const;
  void write_json(const Entry& entry, std::string& out) const;

  RecordFormat format_;
  std::string header_;
  Columns columns_;
  ChoiceEncoding encoding_;
  std::vector<Entry> records_;
};

}  // namespace albert::tasks
