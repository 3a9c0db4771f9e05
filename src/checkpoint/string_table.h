#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace albert::checkpoint {

/// An entry of a table.
struct TableEntry {
  std::string key;         ///< of any bytes
  std::string_view value;  ///< in the table
};

/// The entries of a sorted table of strings, in the order of their keys. It is the format of LevelDB (its
/// doc/table_format.md), in which TensorFlow writes the index of a checkpoint. Every checksum and place is checked,
/// that the blocks follow one another without overlap, and that no key comes twice.
/// \param table outlives the result
/// Throws ModelError, without the name of the file, for what is no such table, is damaged or cut off, or is
/// compressed.
std::vector<TableEntry> read_string_table(std::string_view table);

/// Whether bytes end as such a table does.
bool is_string_table(std::string_view bytes);

}  // namespace albert::checkpoint
