#pragma once

#include <cstdint>
#include <string>

namespace albert::tasks {

/// Where a record was read.
struct Place {
  std::string file;       ///< "standard input" for a stream
  std::int64_t line = 0;  ///< from 1; 0: the file is not read by lines
  std::string id;         ///< of the record in the file, where it has one and no line would find it

  /// "dev.tsv:12", or "dev-v2.0.json: question 56ddde6b9a695914005b9628".
  std::string to_string() const;
};

}  // namespace albert::tasks
