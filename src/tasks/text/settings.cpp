#include "tasks/text/settings.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include <spdlog/fmt/fmt.h>

#include "base/shown.h"
#include "tasks/common/decoding.h"
#include "tasks/definition.h"
#include "tasks/text/columns.h"

namespace albert::tasks {

namespace {

void own_fields(TextSettings& settings, config::Fields& f) {
  f.choice("output", settings.output,
           "what is said of a text: classification (one label), multilabel (any number of labels) or regression (a "
           "number)",
           {{"classification", TextOutput::kClassification},
            {"regression", TextOutput::kRegression},
            {"multilabel", TextOutput::kMultilabel}});
  settings.data_fields(f);
}

void check_threshold(const TextSettings& settings, config::Checks& c, std::string_view keys) {
  if (settings.kind_of_output() == TextOutput::kMultilabel) {
    if (settings.threshold != config::WordOrNumbers()) return;
    return c.fail(fmt::format("{}threshold", keys), "expected a number, or one for each label, found an empty list");
  }
  if (settings.threshold.word == kSearchEach ||
      (settings.threshold.word.empty() && settings.threshold.numbers.size() != 1)) {
    c.fail(fmt::format("{}threshold", keys), "of two classes there is one threshold: expected search or a number");
  }
}

void check_labels(const TextSettings& settings, config::Checks& c, std::string_view keys) {
  const auto key = [&](std::string_view name) { return fmt::format("{}{}", keys, name); };
  const std::set<std::string> distinct(settings.all_labels.begin(), settings.all_labels.end());
  if (distinct.size() != settings.all_labels.size()) c.fail(key("labels"), "a label is named twice");
  if (settings.all_labels.size() == 1 && settings.output == TextOutput::kClassification) {
    c.fail(key("labels"), "one label is nothing to choose from; name at least two");
  }
  if (!settings.all_labels.empty() && settings.output == TextOutput::kRegression) {
    c.fail(key("labels"), "regression has numbers, no labels");
  }
  if (settings.label.empty()) c.fail(key("label"), "name the column of the label");
  if (!settings.labels_are_columns()) return;
  if (settings.output != TextOutput::kMultilabel) {
    c.fail(key("label"), fmt::format("{} columns, but only multilabel takes more than one", settings.label.size()));
  }
  if (!settings.all_labels.empty() && settings.all_labels.size() != settings.label.size()) {
    c.fail(key("labels"),
           fmt::format("{} names for {} label columns", settings.all_labels.size(), settings.label.size()));
  }
}

void check_delimiter(const TextSettings& settings, config::Checks& c, std::string_view keys) {
  if (settings.delimiter.empty()) return;
  const std::string key = fmt::format("{}delimiter", keys);
  if (!delimiter_of(settings.delimiter)) {
    c.fail(key, fmt::format("expected one character between columns, as ; or |, or tab; found {}",
                            in_quotes(settings.delimiter)));
  }
  if (settings.format == TextFileFormat::kJsonl || settings.format == TextFileFormat::kLabelText) {
    c.fail(key, "has no effect: files of this format have no columns");
  }
}

void check_columns(const TextSettings& settings, config::Checks& c, std::string_view keys) {
  if (settings.text.empty()) c.fail(fmt::format("{}text", keys), "name the column of the text");
  if (settings.format == TextFileFormat::kLabelText &&
      (!settings.second_text.empty() || settings.labels_are_columns())) {
    c.fail(fmt::format("{}format", keys),
           "label_text has one label and one text a line; pairs and label columns need tsv");
  }
  std::vector<std::pair<std::string_view, std::string>> columns = {{"text", settings.text}};
  if (!settings.second_text.empty()) columns.emplace_back("second_text", settings.second_text);
  for (const std::string& label : settings.label) columns.emplace_back("label", label);
  std::map<std::string, std::string_view> taken;
  for (const auto& [name, column] : columns) {
    const auto [other, is_new] = taken.emplace(column, name);
    if (is_new) continue;
    c.fail(fmt::format("{}{}", keys, name),
           fmt::format("is the column {}, which is that of {}{}, too", in_quotes(column), keys, other->second));
  }
  if (settings.header != HeaderChoice::kAbsent) return;
  for (const auto& [name, column] : columns) {
    if (column_number(column)) continue;
    c.fail(fmt::format("{}{}", keys, name),
           fmt::format("{} is a name, but there is no header; give the column's number from 1", in_quotes(column)));
  }
}

}  // namespace

std::optional<char> delimiter_of(std::string_view setting) {
  if (setting == "tab" || setting == "\\t") return '\t';
  if (setting.size() != 1) return std::nullopt;
  const char c = setting.front();
  const bool is_printed = c > ' ' && c <= '~' && !std::isalnum(static_cast<unsigned char>(c)) && c != '"';
  return is_printed || c == '\t' ? std::optional(c) : std::nullopt;
}

void TextSettings::fields(config::Fields& f) {
  layout_field(f, /*pairs_only=*/false);
  if (!glue) own_fields(*this, f);
  if (kind_of_output() == TextOutput::kRegression) return;
  f("threshold", threshold,
    "of two classes, the probability above which the second one is chosen; of multilabel, the one from which on a text "
    "has a label, or a list of one for each. search: training finds the one that task.metric is best with on the "
    "development data (f1 in place of precision and recall), and stores it with the model; search_each: one for each "
    "label, by the label's F1",
    {kSearch, kSearchEach}, config::between(0, 1));
}

void TextSettings::data_fields(config::Fields& f) {
  if (glue) return;
  format_fields(f);
  f("text", text, "column of the text: its name, or its number from 1");
  f("second_text", second_text, "column of the second text of a pair; empty: there is one text");
  f("label", label, "column of the label or number; several columns of 0 and 1 for multilabel, a label each");
  f("labels", all_labels, "all labels in their order; empty: those of the training data, sorted");
  if (output != TextOutput::kMultilabel) return;
  f("label_separator", label_separator,
    "between the labels of a single column, and of a prediction (empty: a comma there)");
}

void TextSettings::layout_field(config::Fields& f, bool pairs_only) {
  std::vector<std::pair<std::string_view, std::optional<GlueTask>>> layouts = {{"own", std::nullopt}};
  for (const GlueInfo& info : all_glue_tasks()) {
    const bool has_trained_pairs = !info.tsv.columns.second.empty() && !info.training_files.empty();
    if (has_trained_pairs || !pairs_only) layouts.emplace_back(info.name, info.task);
  }
  f.choice("layout", glue, "whose files: own, or those of a task of GLUE as distributed", layouts);
}

void TextSettings::format_fields(config::Fields& f) {
  f.choice("format", format,
           "of the files: tsv (tabs, quotes are plain characters), tsv_quoted (tabs, fields may stand in quotes), csv "
           "(RFC 4180), jsonl (a JSON object a line), label_text (a label, a space, the text), or by_name: csv, jsonl "
           "or tsv by the end of the file's name",
           {{"by_name", TextFileFormat::kByName},
            {"tsv", TextFileFormat::kTsv},
            {"tsv_quoted", TextFileFormat::kTsvQuoted},
            {"csv", TextFileFormat::kCsv},
            {"jsonl", TextFileFormat::kJsonl},
            {"label_text", TextFileFormat::kLabelText}});
  f("delimiter", delimiter,
    "one character between the columns of tables: ; or | or tab; empty: a tab, or of csv a comma");
  f.choice("header", header,
           "whether the first row names the columns: present, absent, or by_columns: present if a column is given by "
           "name",
           {{"by_columns", HeaderChoice::kByColumns},
            {"present", HeaderChoice::kPresent},
            {"absent", HeaderChoice::kAbsent}});
  encoding_field(f, encoding);
}

void TextSettings::check(config::Checks& c, std::string_view keys) const {
  check_threshold(*this, c, keys);
  if (glue) return;
  check_files(c, keys);
  check_labels(*this, c, keys);
}

void TextSettings::check_files(config::Checks& c, std::string_view keys) const {
  check_encoding(c, keys, encoding);
  check_delimiter(*this, c, keys);
  check_columns(*this, c, keys);
}

TextOutput TextSettings::kind_of_output() const {
  if (!glue) return output;
  return glue_info(*glue).labels.empty() ? TextOutput::kRegression : TextOutput::kClassification;
}

bool TextSettings::has_pairs() const {
  return glue ? !glue_info(*glue).tsv.columns.second.empty() : !second_text.empty();
}

std::vector<std::string> TextSettings::fixed_labels() const {
  if (glue) return glue_info(*glue).labels;
  if (output == TextOutput::kRegression) return {};
  return all_labels.empty() && labels_are_columns() ? label : all_labels;
}

std::vector<std::string> TextSettings::rename_labels(std::vector<std::string> labels, const Settings& before) const {
  const bool is_new = glue && glue != dynamic_cast<const TextSettings&>(before).glue;
  if (!is_new || kind_of_output() != TextOutput::kClassification) return labels;
  return glue_labels(labels, glue_info(*glue));
}

bool TextSettings::has_same_data(const Settings& other) const {
  return glue == dynamic_cast<const TextSettings&>(other).glue;
}

}  // namespace albert::tasks
