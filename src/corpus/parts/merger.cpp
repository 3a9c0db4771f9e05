#include "corpus/parts/merger.h"

#include <map>

#include "base/atomic_folder.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/output.h"
#include "base/signals.h"
#include "corpus/building/build_warnings.h"
#include "corpus/building/corpus_writer.h"
#include "corpus/building/tokenizer_copy.h"
#include "corpus/building/writing.h"
#include "corpus/store/statistics.h"
#include "text/tokenizer.h"

namespace albert::corpus {

namespace {

/// The lines of each file that lies in several parts, as one build would have seen them.
std::map<std::uint32_t, LineCounts> lines_of_cut_files(const std::vector<FoundPart>& parts) {
  std::map<std::uint32_t, LineCounts> sums;
  for (const FoundPart& part : parts) {
    for (const PartLines& each : part.manifest.part_lines) {
      LineCounts& sum = sums[each.file];
      if (sum.good == 0) sum.bad_at_start += each.lines.bad_at_start;
      sum.good += each.lines.good;
    }
  }
  return sums;
}

/// Throws DataError for a file of which no part alone could tell that it is of another format.
void check_cut_files(const std::vector<FoundPart>& parts) {
  for (const auto& [file, lines] : lines_of_cut_files(parts)) {
    const bool is_none_good = lines.good == 0 && lines.bad_at_start > 0;
    if (!is_none_good && lines.bad_at_start < LineCounts::kMaxBadAtStart) continue;
    throw DataError(
        "file {} of the input: none of the first {} lines is a JSON object with text in the field; check the format "
        "and the name of the field (--json-field)",
        file, lines.bad_at_start);
  }
}

/// Throws DataError if none of the parts had a file that could be read, though there were files.
Manifest sum_of(const std::vector<FoundPart>& parts) {
  Manifest manifest;
  manifest.settings = parts.front().manifest.settings;
  for (const FoundPart& part : parts) {
    for (const auto& [name, count] : part.manifest.statistics) manifest.statistics[name] += count;
  }
  if (manifest.statistics[statistic::kFiles] == 0 && manifest.statistics[statistic::kUnreadableFiles] > 0) {
    throw DataError("no input file could be read: the {} left out {}", counted(parts.size(), "part"),
                    counted(manifest.statistics[statistic::kUnreadableFiles], "file"));
  }
  return manifest;
}

Manifest merge_into(AtomicFolder& folder, const std::vector<FoundPart>& parts, const text::Tokenizer& tokenizer) {
  check_cut_files(parts);
  check_content(parts);
  Manifest manifest = sum_of(parts);
  CorpusWriter corpus(folder.temporary(), tokenizer, AssemblySettings::from(manifest.settings));
  std::vector<fs::path> spools;
  for (const FoundPart& part : parts) spools.push_back(part.folder);
  corpus.add(spools);
  stop_if_asked("corpus");
  const FoundPart& first = parts.front();
  manifest = corpus.finish(std::move(manifest), [&](const fs::path& place) {
    return copy_tokenizer(first.folder, first.manifest.files, place);
  });
  stop_if_asked("corpus");
  folder.commit();
  return manifest;
}

}  // namespace

Manifest merge_corpus(const std::vector<FoundPart>& parts, const fs::path& output, bool overwrite,
                      const text::Tokenizer& tokenizer) {
  return while_writing("corpus", fmt::format("cannot write the corpus {}", output.string()), [&] {
    AtomicFolder folder({output, overwrite, "corpus", why_no_corpus});
    Manifest manifest = merge_into(folder, parts, tokenizer);
    warn_of_poor_corpus(manifest);
    return manifest;
  });
}

}  // namespace albert::corpus
