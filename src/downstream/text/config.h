#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/fields.h"
#include "datasets/text/glue.h"

namespace albert::downstream {

/// Whose files: a task of GLUE, whose columns and labels are known, or one's own.
enum class TextLayout { kOwn, kCola, kSst2, kMrpc, kStsb, kQqp, kMnli, kQnli, kRte, kWnli, kAx };

/// What is said of a text.
enum class TextOutput { kClassification, kRegression, kMultilabel };

/// The format of one's own files.
enum class TextFileFormat { kByName, kTsv, kTsvQuoted, kCsv, kJsonl, kLabelText };

/// Whether one's own files begin with the names of their columns.
enum class HeaderChoice { kByColumns, kPresent, kAbsent };

/// The `task.text` part of a configuration: what the files of a text task look like.
struct TextConfig {
  TextLayout layout = TextLayout::kOwn;

  // Of one's own files only; those of GLUE fix them.
  TextOutput output = TextOutput::kClassification;
  TextFileFormat format = TextFileFormat::kByName;
  HeaderChoice header = HeaderChoice::kByColumns;
  std::string encoding = "utf-8";
  std::string text = "text";
  std::string second_text = {};
  std::vector<std::string> label = {"label"};
  std::vector<std::string> labels = {};
  double held_out = 0.1;
  std::string held_out_of = {};
  std::string label_separator = {};  ///< of kMultilabel only
  double threshold = 0.5;            ///< of kMultilabel only

  void fields(config::Fields& f);
  /// \param prefix of the keys in the whole configuration: "task.text."
  void check(config::Checks& c, std::string_view prefix) const;

  // Parts of these for other tasks on files of texts; of one's own files only.
  void format_fields(config::Fields& f);                               ///< format, header, encoding
  void held_out_fields(config::Fields& f);                             ///< held_out, held_out_of
  void check_files(config::Checks& c, std::string_view prefix) const;  ///< all but what concerns labels

  std::optional<datasets::GlueTask> glue() const;  ///< nothing for one's own files
  TextOutput kind_of_output() const;               ///< `output`, or what the task of GLUE asks for
  bool has_pairs() const;                          ///< two texts
  bool labels_are_columns() const { return label.size() > 1; }
};

}  // namespace albert::downstream
