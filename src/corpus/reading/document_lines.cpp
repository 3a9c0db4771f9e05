#include "corpus/reading/document_lines.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"

namespace albert::corpus {

DocumentLines::DocumentLines(const std::vector<InputFile>& files, const ReaderOptions& reader)
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
    if (block_.first) line_of_document_ = 0;
    progress_->update(stream_.bytes_read(), format_bytes(stream_.bytes_read()));
  }
  const std::size_t end = std::min(block_.text.find('\n', position_), block_.text.size());
  line.assign(block_.text, position_, end - position_);
  position_ = end + 1;
  ++line_of_document_;
  return true;
}

std::uint64_t DocumentLines::key() const {
  return mixed(mixed(mixed(block_.file) + block_.document_begin) + line_of_document_);
}

}  // namespace albert::corpus
