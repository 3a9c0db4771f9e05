#include "corpus/reading/reader_options.h"

#include <string_view>

#include "base/error.h"

namespace albert::corpus {

namespace {

std::string_view name_of_format(InputFormat format) {
  switch (format) {
    case InputFormat::kAuto:
    case InputFormat::kText:
      return "text";
    case InputFormat::kLines:
      return "lines";
    case InputFormat::kJsonl:
      return "jsonl";
  }
  throw InternalError("unknown input format {}", static_cast<int>(format));
}

}  // namespace

std::map<std::string, std::string> settings_of(const ReaderOptions& options) {
  std::map<std::string, std::string> settings{{"format", std::string(name_of_format(options.format))}};
  if (options.format != InputFormat::kLines) {
    const bool blank_line = options.paragraph_break == ParagraphBreak::kBlankLine ||
                            (options.paragraph_break == ParagraphBreak::kAuto && options.is_running_text());
    settings["paragraph_break"] = blank_line ? "blank-line" : "newline";
  }
  if (options.is_running_text()) settings["document_separator"] = options.document_separator;
  if (options.format == InputFormat::kJsonl) settings["json_field"] = options.json_field;
  return settings;
}

}  // namespace albert::corpus
