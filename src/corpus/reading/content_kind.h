#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace albert::corpus {

/// The beginning of a file's content, decompressed, without a byte order mark: as much as tells what it is.
struct Head {
  static constexpr std::size_t kBytes = 64 << 10;

  std::string_view bytes;
  bool is_all = false;  ///< the file ends here
};

/// What a file holds that is no running text.
struct Finding {
  std::string name;    ///< "a PDF", "JSON lines"
  std::string advice;  ///< how to make text of it, or to have it read
  bool is_json_lines = false;
  bool is_table = false;  ///< of which each line may be one of text
};

/// What cannot be read as text in any way: a format known by its first bytes, text of another encoding than UTF-8, or
/// more control characters than text has.
std::optional<Finding> find_binary(const Head& head);

/// Text whose layout would be learnt along with its words: JSON, a table, markup, front matter.
/// \param path its suffix tells of tables and JSON lines
std::optional<Finding> find_layout(const Head& head, const std::filesystem::path& path);

}  // namespace albert::corpus
