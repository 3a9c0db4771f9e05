#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/common/label_answers.h"
#include "tasks/task.h"
#include "tasks/text/columns.h"
#include "tasks/text/encoding.h"
#include "tasks/text/files.h"

namespace albert::tasks {

/// Some texts of a stream. A line of kText is a text, or two apart by a tab; of kTsv a row with the columns of the
/// task's files, named by a header if these have one; of kJsonl an object with their fields.
class TextWindow : public RecordWindow {
 public:
  /// Whether the texts of a pair make one sequence for the model, or one each.
  enum class Pairs { kTogether, kApart };

  /// \param header the first line of kTsv, which holds no names if the files have no header
  TextWindow(const TextConfig& config, TextAnswers answers, Pairs pairs, RecordFormat format, std::string_view header,
             TextEncoding encoding);

  /// Whether the first line of kTsv names the columns: where the files have a header, or it says so itself.
  static bool is_header(const TextConfig& config, std::string_view first_line);

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
    TextAnswer answer;
  };

  TextRecord parse(std::string_view record, const Place& place) const;
  TextRecord split_tabs(std::string_view line, const Place& place) const;
  TextRecord split_columns(std::string_view line, const Place& place) const;

  RecordFormat format_;
  bool has_pairs_;
  Pairs pairs_;
  TextColumns columns_;
  TableDialect dialect_;
  std::string header_;
  std::optional<TextColumnPlaces> places_;  ///< of kTsv
  TextAnswers answers_;
  TextEncoding encoding_;
  std::vector<Entry> records_;
};

}  // namespace albert::tasks
