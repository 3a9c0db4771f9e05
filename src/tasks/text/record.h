#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "tasks/common/place.h"
#include "tasks/text/format.h"

namespace albert::tasks {

/// A text, or a pair of texts, and what its file says of it.
struct TextRecord {
  Place place = {};
  std::string id = {};  ///< by which a leaderboard knows it; empty where the file has none
  std::string first = {};
  std::optional<std::string> second = {};
  bool is_labelled = false;
  /// Contents of the label columns in their order; of a field of JSON that holds a list, its items.
  std::vector<std::string> labels;
  bool labels_are_list = false;  ///< of JSON: each of `labels` is one label, whatever characters it has
  std::string row = {};          ///< as it stands in the file, without its line's end; see TextFormat::needs_rows
};

/// What was read from one file of texts. All records are labelled or none.
struct TextFile {
  std::vector<TextRecord> records;
  RowFormat rows = RowFormat::kTsv;
  TableDialect dialect = {};      ///< of the rows, and of what is added to them
  std::string header;             ///< the row that names the columns; empty if there is none
  std::int64_t num_left_out = 0;  ///< see TextFormat
  std::int64_t num_empty_lines = 0;

  bool is_labelled() const { return !records.empty() && records.front().is_labelled; }
  /// Adds the records of another file, of which no rows can be written any more.
  void append(TextFile more) {
    std::ranges::move(more.records, std::back_inserter(records));
    num_left_out += more.num_left_out;
    num_empty_lines += more.num_empty_lines;
  }
};

/// What records that tell of the same texts have in common, whatever else is in their rows.
inline std::string texts_of(const TextRecord& record) {
  return record.first + '\0' + record.second.value_or("");
}

}  // namespace albert::tasks
