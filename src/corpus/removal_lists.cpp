#include "corpus/removal_lists.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <spdlog/fmt/fmt.h>

#include "base/file.h"
#include "base/shown.h"
#include "corpus/duplicates.h"
#include "text/tokenizer.h"

namespace albert::corpus {

namespace fs = std::filesystem;

std::vector<DuplicateRecord> write_duplicates_list(const fs::path& folder, const fs::path& duplicates,
                                                   const SpooledDocuments& documents) {
  FileWriter list(folder / kDuplicatesList);
  list.write("file\tbyte\tlike_file\tlike_byte\tsimilarity\n");
  std::vector<DuplicateRecord> first;
  RecordReader<Duplicate> reader(duplicates);
  while (const std::optional<Duplicate> duplicate = reader.next()) {
    const SpooledDocument document = documents.document(duplicate->document);
    const SpooledDocument original = documents.document(duplicate->original);
    // The texts of 1 are equal; what is nearly equal is not called so.
    const double share = std::floor(100.0 * duplicate->num_equal / kSignatureValues) / 100;
    const double similarity = duplicate->is_exact != 0 ? 1 : std::min(share, 0.99);
    list.write(fmt::format("{}\t{}\t{}\t{}\t{:.2f}\n", document.file, document.begin, original.file, original.begin,
                           similarity));
    if (first.size() < kMaxDuplicatesInManifest) {
      first.push_back({.file = document.file,
                       .byte = document.begin,
                       .like_file = original.file,
                       .like_byte = original.begin,
                       .similarity = similarity});
    }
  }
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
