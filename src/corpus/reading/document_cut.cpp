#include "corpus/reading/document_cut.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/pattern.h"
#include "corpus/files/byte_source.h"
#include "corpus/reading/clean_text.h"
#include "corpus/reading/line_reader.h"
#include "text/whitespace.h"

namespace albert::corpus {

namespace {

/// Whether a document may be cut off before a line, given its first piece.
using MayCutBefore = std::function<bool(const LinePiece&)>;

/// Nothing for running text that is one document.
std::optional<MayCutBefore> rule_for(const ReaderOptions& options) {
  if (options.format == InputFormat::kJsonl) return [](const LinePiece&) { return true; };
  if (options.format == InputFormat::kLines) {
    return [clean = std::string()](const LinePiece& line) mutable {
      clean.clear();
      append_clean(line.bytes, clean);
      return line.ends && text::trim_left(clean).empty();
    };
  }
  if (options.document_separator.empty()) return std::nullopt;
  const auto separator = std::make_shared<Pattern>(options.document_separator, "the document separator");
  return [separator, clean = std::string()](const LinePiece& line) mutable {
    clean.clear();
    append_clean(line.bytes, clean);
    return separator->found_in(text::trim_right(clean));
  };
}

}  // namespace

std::optional<std::uint64_t> find_document_begin(const InputFile& file, const ByteRange& range,
                                                 const ReaderOptions& options) {
  if (range.begin == 0) return 0;
  const std::optional<MayCutBefore> may_cut_before = rule_for(options);
  if (!may_cut_before || options.skip_unreadable || is_compressed(file.path)) return std::nullopt;
  // What lies at the beginning is a line of its own only if the byte before ends one: the first line is passed over.
  const std::uint64_t begin = range.begin - 1;
  LineReader lines(open_byte_range(file.path, {.begin = begin, .end = file.size_bytes.value_or(0)}), begin);
  bool is_passed = false;
  while (const std::optional<LinePiece> line = lines.next()) {
    if (line->offset >= range.end) break;
    if (is_passed && line->begins && (*may_cut_before)(*line)) return line->offset;
    is_passed = is_passed || line->ends;
  }
  return std::nullopt;
}

}  // namespace albert::corpus
