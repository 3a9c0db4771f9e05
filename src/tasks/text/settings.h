#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "config/fields.h"
#include "tasks/common/label_answers.h"
#include "tasks/task_type.h"
#include "tasks/text/glue.h"

namespace albert::tasks {

/// The format of one's own files.
enum class TextFileFormat { kByName, kTsv, kTsvQuoted, kCsv, kJsonl, kLabelText };

/// Whether one's own files begin with the names of their columns.
enum class HeaderChoice { kByColumns, kPresent, kAbsent };

/// The character that a setting stands for: itself, or a tab by the name "tab" or "\\t". Nothing if it is none.
std::optional<char> delimiter_of(std::string_view setting);

/// What the second text of a pair is called where no setting says otherwise.
inline constexpr const char* kSecondTextName = "second_text";

/// The `task.text` part of a configuration: what the files of a text task look like.
struct TextSettings : SettingsOf<TextSettings> {
  static constexpr const char* kPrefix = "task.text.";

  std::optional<GlueTask> glue = {};  ///< whose files, of known columns and labels; nothing: one's own
  /// Of two classes the probability above which the second one is chosen, of kMultilabel the one
  /// from which on a text has a label; a number, for kMultilabel also one for each label, kSearch or kSearchEach
  config::WordOrNumbers threshold = {.numbers = {0.5}};

  // The others are for one's own files only.
  TextOutput output = TextOutput::kClassification;
  TextFileFormat format = TextFileFormat::kByName;
  std::string delimiter = {};  ///< of tables; empty: tabs or commas, by the format; see delimiter_of()
  HeaderChoice header = HeaderChoice::kByColumns;
  std::string encoding = "utf-8";
  std::string text = "text";
  std::string second_text = {};
  std::vector<std::string> label = {"label"};
  std::vector<std::string> all_labels = {};  ///< in the order of their classes; empty: those of the training data
  std::string label_separator = {};          ///< for kMultilabel only; see prediction_separator()
  std::string prefix = kPrefix;              ///< what the keys of these begin with, for messages

  void fields(config::Fields& f) override;
  /// Those of one's own files that say how they are read, and what their labels are called; none under another layout.
  void data_fields(config::Fields& f) override;
  bool has_data_fields() const override { return !glue; }
  void check(config::Checks& c, std::string_view keys) const override;

  TransformersHead transformers_head() const override;
  bool has_classes() const override { return kind_of_output() != TextOutput::kRegression; }
  bool has_probabilities() const override { return has_classes(); }
  config::WordOrNumbers* decision_threshold() override { return &threshold; }
  ScoreOptions score_options() const override { return {.column = !glue}; }
  const std::vector<std::string>* labels() const override { return &all_labels; }
  /// A layout of GLUE that is new: see glue_labels().
  std::vector<std::string> rename_labels(std::vector<std::string> labels, const Settings& before) const override;
  bool has_same_data(const Settings& other) const override;

  // Parts of these for other tasks on files of texts; all but the first are for one's own files only.
  /// layout: "own", or a task of GLUE by its name.
  /// \param pairs_only tasks of pairs that can be trained on
  void layout_field(config::Fields& f, bool pairs_only);
  void format_fields(config::Fields& f);                             ///< format, delimiter, header, encoding
  void check_files(config::Checks& c, std::string_view keys) const;  ///< all but what concerns labels

  TextOutput kind_of_output() const;  ///< `output`, or what the task of GLUE asks for
  bool has_pairs() const;             ///< two texts
  bool labels_are_columns() const { return label.size() > 1; }
  /// What stands between the labels of a prediction of kMultilabel in a table.
  std::string prediction_separator() const { return label_separator.empty() ? "," : label_separator; }
  /// Labels that need no training data, if there are any.
  std::vector<std::string> fixed_labels() const;
};

/// TaskType::infer of texts: by problem_type and the number of labels.
void infer_text_settings(const nlohmann::json& config, std::string_view source, StoredDefinition& stored);

}  // namespace albert::tasks
