#include "corpus/building/tokenizer_copy.h"

#include "text/tokenizer.h"

namespace albert::corpus {

namespace fs = std::filesystem;

std::vector<FileRecord> put_tokenizer(const fs::path& folder, const text::Tokenizer& tokenizer,
                                      const fs::path& source) {
  const fs::path target = folder / kTokenizerFolder;
  fs::create_directory(target);
  if (source.empty()) {
    tokenizer.save(target);
  } else {
    fs::copy(source, target);
  }
  std::vector<FileRecord> files;
  for (const auto& entry : fs::directory_iterator(target))
    files.push_back(record_file(folder, fs::relative(entry.path(), folder).generic_string()));
  return files;
}

}  // namespace albert::corpus
