#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "corpus/files/inputs.h"
#include "corpus/reading/document_stream.h"

namespace albert::corpus {

/// The paragraphs of documents as a source of lines, with progress.
class DocumentLines {
 public:
  DocumentLines(const std::vector<InputFile>& files, const ReaderOptions& reader);

  /// Gives the next line, without its line end; false at the end.
  /// Throws as DocumentStream::next() does.
  bool next(std::string& line);
  /// A number for the line that next() gave last, which depends on its place in the input alone: the same where the
  /// input is read in parts.
  std::uint64_t key() const;
  const DocumentStream& stream() const { return stream_; }

 private:
  DocumentStream stream_;
  std::optional<Progress> progress_;  ///< until the text ends
  TextBlock block_;
  std::size_t position_ = 0;
  std::uint64_t line_of_document_ = 0;
};

}  // namespace albert::corpus
