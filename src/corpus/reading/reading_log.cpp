#include "corpus/reading/reading_log.h"

#include "base/log.h"
#include "corpus/reading/clean_text.h"

namespace albert::corpus {

namespace {

constexpr std::uint64_t kMaxMessages = 5;  ///< how many of each kind are logged

}  // namespace

void ReadingLog::clean(const LinePiece& line, std::string& out) {
  const Repairs repairs = append_clean(line.bytes, out);
  if (!repairs.any()) return;
  statistics_.invalid_bytes += repairs.invalid_bytes;
  statistics_.nul_bytes += repairs.nul_bytes;
  if (repairs.invalid_bytes > 0 && log_another(num_invalid_, "invalid UTF-8")) {
    log_warning(
        "{}:{}: invalid UTF-8 at byte {} of the file (0x{:02x}), replaced by U+FFFD; is the file in another encoding?",
        file_, line.number, line.offset + repairs.first_invalid,
        static_cast<unsigned char>(line.bytes[repairs.first_invalid]));
  }
  if (repairs.nul_bytes > 0 && log_another(num_nul_, "NUL bytes")) {
    log_warning("{}:{}: NUL byte at byte {} of the file, dropped", file_, line.number, line.offset + repairs.first_nul);
  }
}

void ReadingLog::drop_nul(std::uint64_t number, std::string& text) {
  const std::uint64_t dropped = std::erase(text, '\0');
  if (dropped == 0) return;
  statistics_.nul_bytes += dropped;
  if (log_another(num_nul_, "NUL bytes")) log_warning("{}:{}: NUL (\\u0000) in the text, dropped", file_, number);
}

void ReadingLog::skip_line(std::uint64_t number, std::string_view why) {
  ++statistics_.skipped_lines;
  if (log_another(num_skipped_, "skipped lines")) log_warning("{}:{}: line skipped: {}", file_, number, why);
}

void ReadingLog::empty_file() {
  ++statistics_.empty_files;
  if (log_another(num_empty_, "empty files")) log_warning("{}: the file is empty", file_);
}

void ReadingLog::many_lines(std::uint64_t num_lines) {
  if (log_another(num_long_, "such files")) {
    log_warning(
        "{}: read as one document of {} lines without a blank one; if every line is a text of its own, pass "
        "--document-separator '^'",
        file_, num_lines);
  }
}

bool ReadingLog::log_another(std::uint64_t& count, std::string_view kind) {
  ++count;
  if (count == kMaxMessages + 1) log_warning("{}: more {}; from here on they are only counted", file_, kind);
  return count <= kMaxMessages;
}

}  // namespace albert::corpus
