#include "corpus/sample_part.h"

#include <map>
#include <optional>
#include <utility>

#include "base/atomic_folder.h"
#include "base/error.h"
#include "base/log.h"
#include "base/output.h"
#include "base/signals.h"
#include "corpus/build_settings.h"
#include "corpus/document_lines.h"
#include "corpus/record_file.h"
#include "text/line_sample.h"

namespace albert::corpus {

namespace {

constexpr const char* kWhat = "part";
constexpr const char* kSampledLinesFile = "lines";
constexpr const char* kSeed = "seed";
constexpr const char* kMaxLines = "sample_lines";
constexpr const char* kMaxBytes = "sample_bytes";
// Statistics.
constexpr const char* kLinesSeen = "lines";
constexpr const char* kLinesKept = "lines_kept";
constexpr const char* kLimit = "limit";

/// What stands before the characters of a line.
struct LineHeader {
  std::uint64_t priority;
  std::uint64_t size_bytes;
};

std::map<std::string, std::string> settings_of(const SampleOptions& options) {
  std::map<std::string, std::string> settings = settings_of(options.reader);
  settings[kSeed] = fmt::format("{}", options.seed);
  settings[kMaxLines] = fmt::format("{}", options.max_lines);
  settings[kMaxBytes] = fmt::format("{}", options.max_bytes);
  return settings;
}

void write_sample(const fs::path& folder, const InputShare& share, const SampleOptions& options,
                  PartManifest& manifest) {
  text::LineSample sample(options.seed, options.max_lines, options.max_bytes);
  ReaderOptions reader = options.reader;
  reader.is_part = true;
  DocumentLines lines(share.files, reader);
  for (std::string line; lines.next(line);) {
    stop_if_asked(kWhat);
    sample.add(line, lines.key());
  }
  manifest.statistics = {{kLinesSeen, sample.lines_seen()}, {kLinesKept, sample.size()}, {kLimit, sample.limit()}};
  CheckedWriter file(folder, kSampledLinesFile);
  for (const text::LineSample::Line& line : sample.take_lines()) {
    file.write(bytes_of(LineHeader{.priority = line.priority, .size_bytes = line.text.size()}));
    file.write(line.text);
  }
  manifest.files = {file.finish()};
  write_part_manifest(folder, manifest);
}

BuiltPart draw(const SampleOptions& options, const PartOfInput& part, const std::string& program_version) {
  const std::vector<InputFile> files = discover_inputs(options.inputs);
  require_apart(options.output, options.inputs, files);
  const InputShare share = share_of(files, part, options.reader);
  BuiltPart built;
  built.folder = options.output / name_of(part);
  built.manifest.kind = PartKind::kSample;
  built.manifest.program_version = program_version;
  built.manifest.part = part;
  built.manifest.input = share.whole;
  built.manifest.skips_unreadable = options.reader.skip_unreadable;
  built.manifest.settings = settings_of(options);
  if (!options.overwrite && built.take_whole()) return built;
  AtomicFolder folder(built.folder);
  check_output_folder({built.folder, options.overwrite}, "part of a sample", why_no_part);
  write_sample(folder.temporary(), share, options, built.manifest);
  stop_if_asked(kWhat);
  folder.commit();
  return built;
}

/// The number of a setting that sample_part() wrote.
std::uint64_t number_of(const PartManifest& manifest, const char* name) {
  const auto found = manifest.settings.find(name);
  if (found == manifest.settings.end()) throw DataError("a part of a sample has no setting {}; draw it again", name);
  return std::stoull(found->second);
}

}  // namespace

BuiltPart sample_part(const SampleOptions& options, const PartOfInput& part, const std::string& program_version) {
  const StopRequest stop;
  try {
    return draw(options, part, program_version);
  } catch (const fs::filesystem_error& error) {
    throw IoError("cannot write the part {} to {}: {}", to_string(part), options.output.string(), error.what());
  } catch (const Error&) {
    stop_if_asked(kWhat);  // the signal is why a wait for input ended
    throw;
  }
}

std::vector<std::string> merge_samples(const std::vector<FoundPart>& parts) {
  check_content(parts);
  const PartManifest& first = parts.front().manifest;
  text::LineSample sample(number_of(first, kSeed), number_of(first, kMaxLines), number_of(first, kMaxBytes));
  for (const FoundPart& part : parts) sample.lower_limit(part.manifest.statistics.at(kLimit));
  for (const FoundPart& part : parts) {
    ByteReader file(part.folder / kSampledLinesFile);
    for (std::string line; !file.at_end();) {
      const auto header = file.read_record<LineHeader>();
      line.resize(header.size_bytes);
      file.read(line.data(), line.size());
      sample.add_sampled(header.priority, line);
    }
    const std::map<std::string, std::uint64_t>& statistics = part.manifest.statistics;
    sample.count_unsampled(statistics.at(kLinesSeen) - statistics.at(kLinesKept));
  }
  log_info("a sample of {} of {} lines", sample.size(), sample.lines_seen());
  return sample.take();
}

}  // namespace albert::corpus
