#include "cli/document_lines.h"

#include <algorithm>
#include <utility>

namespace albert::cli {

DocumentLines::DocumentLines(const std::vector<corpus::InputFile>& files, const corpus::ReaderOptions& reader)
    : stream_(files, reader), progress_(std::in_place, "reading text", stream_.total_bytes()) {}

bool DocumentLines::next(std::string& line) {
  while (position_ >= block_.text.size()) {
    auto block = stream_.next();
    if (!block) {
      progress_.reset();
      return false;
    }
    block_ = std::move(*block);
    position_ = 0;
    progress_->update(stream_.bytes_read(), format_bytes(stream_.bytes_read()));
  }
  const std::size_t end = std::min(block_.text.find('\n', position_), block_.text.size());
  line.assign(block_.text, position_, end - position_);
  position_ = end + 1;
  return true;
}

}  // namespace albert::cli
