#include "corpus/building/tokenizer_copy.h"

#include "base/error.h"
#include "base/file.h"
#include "text/tokenizer.h"

namespace albert::corpus {

namespace fs = std::filesystem;

std::vector<FileRecord> put_tokenizer(const fs::path& folder, const text::Tokenizer& tokenizer) {
  const fs::path target = folder / kTokenizerFolder;
  make_folder(target);
  tokenizer.save(target);
  std::vector<FileRecord> files;
  for (const auto& entry : fs::directory_iterator(target))
    files.push_back(record_file(folder, fs::relative(entry.path(), folder).generic_string()));
  return files;
}

std::vector<FileRecord> copy_tokenizer(const fs::path& from, const std::vector<FileRecord>& files,
                                       const fs::path& folder) {
  make_folder(folder / kTokenizerFolder);
  std::vector<FileRecord> copies;
  for (const FileRecord& file : files) {
    if (fs::path(file.name).parent_path() != kTokenizerFolder) continue;
    FileWriter writer(folder / file.name);
    writer.write(read_file(from / file.name));
    writer.close();
    copies.push_back(record_file(folder, file.name));
    if (copies.back() != file) {
      throw DataError("{}: expected {} bytes with the checksum {}, found {} with {}; the part is damaged",
                      (from / file.name).string(), file.size_bytes, file.checksum, copies.back().size_bytes,
                      copies.back().checksum);
    }
  }
  return copies;
}

}  // namespace albert::corpus
