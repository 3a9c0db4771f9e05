#include "corpus/parts/sample_part.h"

#include <charconv>
#include <map>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "base/signals.h"
#include "corpus/encoding/spool.h"
#include "corpus/reading/document_lines.h"
#include "corpus/store/record_file.h"
#include "text/line_sample.h"

namespace albert::corpus {

namespace {

constexpr const char* kSeed = "seed";
constexpr const char* kMaxLines = "sample_lines";
constexpr const char* kMaxBytes = "sample_bytes";
// Statistics.
constexpr const char* kLinesSeen = "lines";
constexpr const char* kLinesKept = "lines_kept";
constexpr const char* kThreshold = "threshold";

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

void write_sample(const fs::path& folder, const std::vector<InputFile>& files, const ReaderOptions& reader,
                  const SampleOptions& options, PartManifest& manifest) {
  text::LineSample sample(options.seed, options.max_lines, options.max_bytes);
  DocumentLines lines(files, reader);
  for (std::string line; lines.next(line);) {
    stop_if_asked("part");
    sample.add(line, lines.key());
  }
  if (manifest.text_checksum.empty()) manifest.text_checksum = lines.stream().piped_checksum();
  manifest.statistics = {
      {kLinesSeen, sample.lines_seen()}, {kLinesKept, sample.size()}, {kThreshold, sample.threshold()}};
  CheckedWriter file(folder, std::string(kLinesFile));
  for (const text::LineSample::Line& line : sample.take_lines()) {
    file.write(bytes_of(LineHeader{.priority = line.priority, .size_bytes = line.text.size()}));
    file.write(line.text);
  }
  manifest.files = {file.finish()};
}

/// The number of a setting that sample_part() wrote.
std::uint64_t setting_of(const FoundPart& part, const char* name) {
  const auto found = part.manifest.settings.find(name);
  std::uint64_t number = 0;
  if (found != part.manifest.settings.end()) {
    const std::string& text = found->second;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) return number;
  }
  throw DataError("{}: expected a number as the setting {} of the sample; draw the part again", part.folder.string(),
                  name);
}

/// A number that sample_part() counted.
std::uint64_t count_of(const FoundPart& part, const char* name) {
  const auto found = part.manifest.statistics.find(name);
  if (found == part.manifest.statistics.end())
    throw DataError("{}: expected {} among the statistics of the sample; draw the part again", part.folder.string(),
                    name);
  return found->second;
}

}  // namespace

BuiltPart sample_part(const SampleOptions& options, const PartOfInput& part, const std::string& program_version) {
  WantedPart wanted{
      .inputs = options.inputs, .reader = options.reader, .output = options.output, .overwrite = options.overwrite};
  wanted.manifest.kind = PartKind::kSample;
  wanted.manifest.program_version = program_version;
  wanted.manifest.part = part;
  wanted.manifest.settings = settings_of(options);
  return make_part(wanted, [&](const fs::path& folder, const std::vector<InputFile>& files, const ReaderOptions& reader,
                               PartManifest& manifest) { write_sample(folder, files, reader, options, manifest); });
}

std::vector<std::string> merge_samples(const std::vector<FoundPart>& parts) {
  check_content(parts);
  const FoundPart& first = parts.front();
  text::LineSample sample(setting_of(first, kSeed), setting_of(first, kMaxLines), setting_of(first, kMaxBytes));
  for (const FoundPart& part : parts) sample.lower_threshold(count_of(part, kThreshold));
  for (const FoundPart& part : parts) {
    ByteReader file(part.folder / kLinesFile);
    for (std::string line; !file.at_end();) {
      const auto header = file.read_record<LineHeader>();
      line.resize(header.size_bytes);
      file.read(line.data(), line.size());
      sample.add_sampled(header.priority, line);
    }
    sample.count_unsampled(count_of(part, kLinesSeen) - count_of(part, kLinesKept));
  }
  log_info("a sample of {} of {} lines", sample.size(), sample.lines_seen());
  return sample.take();
}

}  // namespace albert::corpus
