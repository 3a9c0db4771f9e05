#include "datasets/token/tagged_reader.h"

#include "base/error.h"
#include "base/file.h"
#include "datasets/encoding.h"
#include "datasets/token/tag_rows.h"
#include "datasets/token/tagged_lines.h"

namespace albert::datasets {

namespace {

TagLayout settle_layout(std::string_view content, const TagFormat& format, const std::string& file) {
  if (format.layout != TagLayout::kByFile) return format.layout;
  if (std::filesystem::path(file).extension() == ".conllu") return TagLayout::kConllu;
  const std::string_view first_line = content.substr(0, content.find_first_of("\r\n"));
  return TagRows::is_header(first_line, format) ? TagLayout::kRows : TagLayout::kColumns;
}

}  // namespace

TaggedFile read_tagged(const std::filesystem::path& path, const TagFormat& format, bool need_tags) {
  const std::string content = decode_file(read_file(path), format.encoding, path.string());
  return parse_tagged(content, format, need_tags, path.string());
}

TaggedFile parse_tagged(std::string_view content, const TagFormat& format, bool need_tags, const std::string& file) {
  const TagLayout layout = settle_layout(content, format, file);
  TaggedLines lines(content, layout, file);
  switch (layout) {
    case TagLayout::kConllu:
      return parse_conllu(std::move(lines), format, need_tags);
    case TagLayout::kRows:
      return parse_tag_rows(std::move(lines), format, need_tags);
    case TagLayout::kColumns:
    case TagLayout::kByFile:
      return parse_tag_columns(std::move(lines), format, need_tags);
  }
  throw InternalError("no layout {}", static_cast<int>(layout));
}

}  // namespace albert::datasets
