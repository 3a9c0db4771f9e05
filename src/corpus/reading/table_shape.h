#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "corpus/reading/content_kind.h"

namespace albert::corpus {

struct TableShape {
  char delimiter = ',';
  std::size_t num_columns = 0;
};

/// The delimiter and the columns of a table; nothing where the text is none. Of a table every row has the same number
/// of cells, and the first row names the columns: running text keeps neither for a few lines.
std::optional<TableShape> find_table(const Head& head);

}  // namespace albert::corpus
