#include "corpus/build_settings.h"

#include <string_view>

#include "base/error.h"
#include "base/signals.h"
#include "corpus/manifest.h"
#include "corpus/removal_lists.h"

namespace albert::corpus {

namespace fs = std::filesystem;

namespace {

std::string_view name_of(InputFormat format) {
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

void check(const BuildOptions& options) {
  const AssemblySettings& assembly = options.assembly;
  if (assembly.held_out < 0 || assembly.held_out >= 1)
    throw UsageError("the held-out share is {}; expected a number from 0 to below 1", assembly.held_out);
  if (assembly.held_out == 0 && assembly.held_out_by == HeldOutBy::kSections)
    throw UsageError("--held-out-by sections has no effect where nothing is held out; leave it out");
  if (options.output.empty()) throw UsageError("the output folder has no name");
}

std::map<std::string, std::string> settings_of(const ReaderOptions& reader) {
  std::map<std::string, std::string> settings{{"format", std::string(name_of(reader.format))}};
  if (reader.format != InputFormat::kLines) {
    const bool blank_line = reader.paragraph_break == ParagraphBreak::kBlankLine ||
                            (reader.paragraph_break == ParagraphBreak::kAuto && reader.is_running_text());
    settings["paragraph_break"] = blank_line ? "blank-line" : "newline";
  }
  if (reader.is_running_text()) settings["document_separator"] = reader.document_separator;
  if (reader.format == InputFormat::kJsonl) settings["json_field"] = reader.json_field;
  return settings;
}

std::map<std::string, std::string> settings_of(const BuildOptions& options) {
  std::map<std::string, std::string> settings = settings_of(options.reader);
  options.assembly.write_to(settings);
  if (options.reader.format != InputFormat::kLines) settings["language"] = options.language;
  return settings;
}

std::string why_no_corpus(const fs::path& folder) {
  if (!fs::exists(folder / kManifestName)) return fmt::format("it has no {}", kManifestName);
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path name = entry.path().filename();
    const bool is_of_corpus = name == kManifestName || name == kTokenizerFolder || name.extension() == ".shard" ||
                              name == kDuplicatesList || name == kRepeatedLinesList;
    if (!is_of_corpus) return fmt::format("it holds {}", name.string());
  }
  return "";
}

void stop_if_asked(const char* what) {
  if (const int signal = StopRequest::signal())
    throw Error(ExitCode{128 + signal}, fmt::format("stopped by a signal; no {} was written", what));
}

SpoolContent spool_content_for(const AssemblySettings& settings) {
  return {.documents = settings.needs_spool(),
          .signatures = settings.deduplicate == Deduplicate::kNear,
          .lines = settings.max_documents_of_line > 0};
}

}  // namespace albert::corpus
