#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "corpus/reading/document_stream.h"
#include "corpus/reading/line_reader.h"

namespace albert::corpus {

/// Counts what is odd in the input, and logs the first few of each kind with file, line and byte.
class ReadingLog {
 public:
  explicit ReadingLog(ReadStatistics& statistics) : statistics_(statistics) {}

  void begin_file(const std::string& name) { file_ = name; }
  const std::string& file() const { return file_; }

  /// Appends a line's text to `out`, repaired where that is needed (see append_clean).
  void clean(const LinePiece& line, std::string& out);
  /// Drops the NUL that escapes of JSON stood for.
  void drop_nul(std::uint64_t number, std::string& text);
  /// A line that is left out.
  void skip_line(std::uint64_t number, std::string_view why);
  void empty_file();
  /// A file that became one document, though its lines may be texts of their own.
  void many_lines(std::uint64_t num_lines);

 private:
  bool log_another(std::uint64_t& count, std::string_view kind);

  ReadStatistics& statistics_;
  std::string file_;
  std::uint64_t num_invalid_ = 0;
  std::uint64_t num_nul_ = 0;
  std::uint64_t num_skipped_ = 0;
  std::uint64_t num_empty_ = 0;
  std::uint64_t num_long_ = 0;
};

}  // namespace albert::corpus
