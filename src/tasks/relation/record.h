#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "tasks/common/place.h"

namespace albert::tasks {

/// A part of a text in bytes, end excluded.
struct TextSpan {
  std::size_t begin = 0;
  std::size_t end = 0;

  bool operator==(const TextSpan&) const = default;
};

/// A sentence with two entities.
struct RelationRecord {
  Place place;
  std::string id = {};    ///< as in the file; else the number of the line
  std::string text = {};  ///< without marks
  TextSpan first = {};    ///< e1
  TextSpan second = {};   ///< e2, which may stand before the first
  std::optional<std::string> label = {};
  std::string row = {};  ///< of a file of JSON lines, as it stands there
};

/// What was read from a file. All sentences are labelled or none.
struct RelationFile {
  std::vector<RelationRecord> records = {};

  bool is_labelled() const { return !records.empty() && records.front().label.has_value(); }
  void append(RelationFile more) { std::ranges::move(more.records, std::back_inserter(records)); }
};

}  // namespace albert::tasks
