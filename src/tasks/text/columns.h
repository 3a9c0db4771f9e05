#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "tasks/text/record.h"

namespace albert::tasks {

/// The columns of a table by their places in its rows.
class TextColumnPlaces {
 public:
  /// \param header names of the columns; empty: the columns are known by number
  /// \param width number of columns
  /// \param need_labels otherwise they may be absent
  /// \param place of the header, or of the first row
  /// \param settings, if_unlabelled see TextFormat
  /// Throws DataError naming what is there, and the nearest name, for a column that is not; and for one that is two.
  TextColumnPlaces(const TextColumns& columns, const std::vector<std::string>& header, std::size_t width,
                   bool need_labels, const Place& place, const std::string& settings = {},
                   const std::string& if_unlabelled = {});

  bool has_labels() const { return !labels_.empty(); }
  std::size_t width() const { return width_; }
  /// The record of a row of `width` fields; its `row` stays empty.
  TextRecord record(const std::vector<std::string>& fields, Place place) const;

 private:
  void refuse_shared_columns(const Place& place, const std::string& settings) const;

  std::size_t width_;
  std::optional<std::size_t> first_;
  std::optional<std::size_t> second_;
  std::optional<std::size_t> id_;
  std::vector<std::size_t> labels_;
};

/// Says that a record has a text which a model of single texts does not read.
[[noreturn]] void refuse_second_text(const std::string& name, const Place& place);

/// The place, from 0, of a column that is given by its number from 1; nothing if it is given by name.
std::optional<std::size_t> column_number(const std::string& name);

/// Whether a row has the columns: by their names, or without a header by their numbers.
/// \param need_labels otherwise those of the texts will do
bool has_columns(const TextColumns& columns, const std::vector<std::string>& row, bool has_header, bool need_labels);

/// Whether a row holds the names of the text columns.
bool names_texts(const TextColumns& columns, const std::vector<std::string>& row);

}  // namespace albert::tasks
