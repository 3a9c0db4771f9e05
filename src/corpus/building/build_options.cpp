#include "corpus/building/build_options.h"

#include "base/error.h"

namespace albert::corpus {

void check(const BuildOptions& options) {
  const AssemblySettings& assembly = options.assembly;
  if (assembly.held_out < 0 || assembly.held_out >= 1)
    throw UsageError("the held-out share is {}; expected a number from 0 to below 1", assembly.held_out);
  if (assembly.held_out == 0 && assembly.held_out_by == HeldOutBy::kSections)
    throw UsageError("--held-out-by sections has no effect where nothing is held out; leave it out");
  if (options.language.empty())
    throw UsageError("--language: expected an ISO 639 code such as en, de or zh, found none");
  if (options.output.empty()) throw UsageError("the output folder has no name");
}

std::map<std::string, std::string> settings_of(const BuildOptions& options) {
  std::map<std::string, std::string> settings = settings_of(options.reader);
  options.assembly.write_to(settings);
  if (options.reader.format != InputFormat::kLines) settings["language"] = options.language;
  return settings;
}

}  // namespace albert::corpus
