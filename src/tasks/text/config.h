#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/fields.h"
#include "tasks/text/glue.h"

namespace albert::tasks {

/// What is said of a text.
enum class TextOutput { kClassification, kRegression, kMultilabel };

/// The format of one's own files.
enum class TextFileFormat { kByName, kTsv, kTsvQuoted, kCsv, kJsonl, kLabelText };

/// Whether one's own files begin with the names of their columns.
enum class HeaderChoice { kByColumns, kPresent, kAbsent };

/// The `task.text` part of a configuration: what the files of a text task look like.
struct TextConfig {
  static constexpr const char* kSettings = "task.text.";

  std::optional<GlueTask> glue = {};  ///< whose files, of known columns and labels; nothing: one's own

  // Of one's own files only.
  TextOutput output = TextOutput::kClassification;
  TextFileFormat format = TextFileFormat::kByName;
  HeaderChoice header = HeaderChoice::kByColumns;
  std::string encoding = "utf-8";
  std::string text = "text";
  std::string second_text = {};
  std::vector<std::string> label = {"label"};
  std::vector<std::string> labels = {};
  std::string label_separator = {};  ///< of kMultilabel only; see prediction_separator()
  double threshold = 0.5;            ///< of kMultilabel only
  std::string settings = kSettings;  ///< what the keys of those on one's own files begin with, for messages

  void fields(config::Fields& f);
  /// Those of one's own files that say how they are read, and what their labels are called; none under another layout.
  void data_fields(config::Fields& f);
  /// \param prefix of the keys in the whole configuration: "task.text."
  void check(config::Checks& c, std::string_view prefix) const;

  // Parts of these for other tasks on files of texts; all but the first of one's own files only.
  /// layout: "own", or a task of GLUE by its name. \param pairs_only tasks of pairs that can be trained on
  void layout_field(config::Fields& f, bool pairs_only);
  void format_fields(config::Fields& f);                               ///< format, header, encoding
  void check_files(config::Checks& c, std::string_view prefix) const;  ///< all but what concerns labels

  TextOutput kind_of_output() const;  ///< `output`, or what the task of GLUE asks for
  bool has_pairs() const;             ///< two texts
  bool labels_are_columns() const { return label.size() > 1; }
  /// What stands between the labels of a prediction of kMultilabel in a table.
  std::string prediction_separator() const { return label_separator.empty() ? "," : label_separator; }
};

}  // namespace albert::tasks
