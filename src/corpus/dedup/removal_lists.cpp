#include "corpus/dedup/removal_lists.h"

#include <algorithm>
#include <cmath>
#include <compare>
#include <string>

#include <spdlog/fmt/fmt.h>

#include "base/file.h"
#include "base/shown.h"
#include "base/signals.h"
#include "corpus/dedup/duplicates.h"
#include "corpus/encoding/external_sort.h"
#include "corpus/encoding/spool.h"
#include "text/tokenizer.h"

namespace albert::corpus {

namespace fs = std::filesystem;

namespace {

/// A document that is left out, by its original.
struct Reference {
  std::uint64_t original;
  std::uint64_t document;
  auto operator<=>(const Reference&) const = default;
};

/// Where the original of a document lies.
struct OriginalPlace {
  std::uint64_t document;
  std::uint64_t byte;
  std::uint32_t file;
  std::uint32_t reserved = 0;
  bool operator<(const OriginalPlace& other) const { return document < other.document; }
};

/// Looks up the originals in their order, and puts what is found in the order of the documents.
void find_originals(const fs::path& duplicates, const std::vector<fs::path>& spools, const fs::path& scratch,
                    ExternalSort<OriginalPlace>& found) {
  ExternalSort<Reference> references(scratch / "references.sort");
  RecordReader<Duplicate> reader(duplicates);
  while (const std::optional<Duplicate> duplicate = reader.next())
    references.add({duplicate->original, duplicate->document});
  DocumentRecords<SpooledDocument> documents(spools, kDocumentsFile);
  references.drain([&](const Reference& each) {
    const SpooledDocument& original = documents.at(each.original);
    found.add({.document = each.document, .byte = original.begin, .file = original.file});
  });
}

/// The texts of 1 are equal; what is nearly equal is not called so.
double similarity_of(const Duplicate& duplicate) {
  if (duplicate.likeness == Likeness::kSameText) return 1;
  return std::min(std::floor(100.0 * duplicate.num_equal / kSignatureValues) / 100, 0.99);
}

}  // namespace

std::vector<DuplicateRecord> write_duplicates_list(const fs::path& folder, const fs::path& duplicates,
                                                   const std::vector<fs::path>& spools, const fs::path& scratch) {
  ExternalSort<OriginalPlace> originals(scratch / "places.sort");
  find_originals(duplicates, spools, scratch, originals);
  FileWriter list(folder / kDuplicatesList);
  list.write("file\tbyte\tlike_file\tlike_byte\tsimilarity\n");
  std::vector<DuplicateRecord> first;
  DuplicateReader reader(duplicates);
  DocumentRecords<SpooledDocument> documents(spools, kDocumentsFile);
  originals.drain([&](const OriginalPlace& original) {
    stop_if_asked("corpus");
    const SpooledDocument& document = documents.at(original.document);
    const DuplicateRecord record{.file = document.file,
                                 .byte = document.begin,
                                 .like_file = original.file,
                                 .like_byte = original.byte,
                                 .similarity = similarity_of(*reader.find(original.document))};
    list.write(fmt::format("{}\t{}\t{}\t{}\t{:.2f}\n", record.file, record.byte, record.like_file, record.like_byte,
                           record.similarity));
    if (first.size() < kMaxDuplicatesInManifest) first.push_back(record);
  });
  list.flush();
  return first;
}

void write_repeated_lines_list(const fs::path& folder, const RepeatedLines& lines, const text::Tokenizer& tokenizer) {
  FileWriter list(folder / kRepeatedLinesList);
  list.write("documents\twords\n");
  for (const RepeatedLines::Line& line : lines.most_frequent())
    list.write(fmt::format("{}\t{}\n", line.num_documents, printable(tokenizer.decode(line.ids, true))));
  list.flush();
}

}  // namespace albert::corpus
