#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "corpus/document_stream.h"
#include "corpus/inputs.h"

namespace albert::cli {

/// The paragraphs of documents as a source of lines, with progress.
class DocumentLines {
 public:
  DocumentLines(const std::vector<corpus::InputFile>& files, const corpus::ReaderOptions& reader);

  /// Gives the next line, without its line end; false at the end.
  /// Throws as corpus::DocumentStream::next() does.
  bool next(std::string& line);

 private:
  corpus::DocumentStream stream_;
  std::optional<Progress> progress_;  ///< until the text ends
  corpus::TextBlock block_;
  std::size_t position_ = 0;
};

}  // namespace albert::cli
