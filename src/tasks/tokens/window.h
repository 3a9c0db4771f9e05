#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tasks/task.h"
#include "tasks/tokens/labels.h"
#include "tasks/tokens/sentence_set.h"
#include "tasks/tokens/tag_rows.h"

namespace albert::tasks {

/// Some sentences of a stream. A line of kText is one, and its prediction the words' tags apart by spaces. A row of
/// kTsv has words apart by spaces in the column TagFormat::words_name, `words` or `tokens`, or a text in `text`, and
/// gets a column of tags. An object of kJsonl has them in members of these names, as a list or a text; it gets `words`,
/// their `tags` and `probabilities`, and `entities` where these are what is judged.
class TokenWindow final : public RecordWindow {
 public:
  /// \param header of kTsv Throws DataError if it names no column of words.
  TokenWindow(const TaskDefinition& definition, RecordFormat format, std::string_view header,
              std::shared_ptr<const text::Tokenizer> tokenizer);

  std::string out_header() const;

  void add(std::string_view record, const Place& place) override;
  std::size_t num_records() const override { return records_.size(); }
  void write(std::size_t record, std::string& out) const override;
  void clear() override;

  std::size_t num_items() const override { return set_.num_items(); }
  const model::Item& item(std::size_t index) const override { return set_.item(index); }
  void take_scores(std::size_t index, std::span<const float> scores) override { set_.take_scores(index, scores); }

 private:
  struct Record {
    std::string row;
    std::vector<std::string> words;
  };

  void read_header(std::string_view header);
  std::vector<std::string> names_of_words() const;
  std::vector<std::string> words_of(std::string_view record, const Place& place) const;
  std::vector<std::string> words_of_row(std::string_view record, const Place& place) const;
  std::vector<std::string> words_of_object(std::string_view record, const Place& place) const;
  std::string with_members(std::size_t record) const;

  RecordFormat format_;
  TokenConfig config_;
  std::string header_;
  std::optional<TagRows> rows_;  ///< of kTsv
  bool rows_hold_text_ = false;  ///< in the column `text`, not words
  TokenLabels labels_;
  SentenceSet set_;
  std::vector<Record> records_;
};

/// The words of a plain text. \param text UTF-8
std::vector<std::string> split_text(std::string_view text, TextWords words);

}  // namespace albert::tasks
