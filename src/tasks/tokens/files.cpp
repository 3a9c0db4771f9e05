#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <spdlog/fmt/ranges.h>

#include "base/error.h"
#include "base/file.h"
#include "tasks/tokens/readers.h"

namespace albert::tasks {

namespace {

const std::vector<std::string>& names_of(Part part) {
  static const std::vector<std::string> kTrain = {"train", "training"};
  static const std::vector<std::string> kDevelopment = {"dev",   "devel",      "development", "val",
                                                        "valid", "validation", "testa"};
  static const std::vector<std::string> kTest = {"test", "testb"};
  return part == Part::kTrain ? kTrain : part == Part::kDevelopment ? kDevelopment : kTest;
}

/// The runs of letters in a file's name.
std::set<std::string> words_of(const fs::path& file) {
  std::set<std::string> words;
  std::string word;
  for (const char c : file.filename().string() + ".") {
    const auto lower = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    if (lower >= 'a' && lower <= 'z') {
      word += lower;
    } else if (!word.empty()) {
      words.insert(word);
      word.clear();
    }
  }
  return words;
}

/// By its ending. Data without an ending are called "eng.train" and the like.
const std::set<std::string>& endings_of_lines() {
  static const std::set<std::string> kEndings = {".conll", ".conllu", ".tsv",   ".txt",   ".bio",      ".iob",
                                                 ".bioes", ".train",  ".testa", ".testb", ".annotated"};
  return kEndings;
}

const std::set<std::string>& endings_of_json() {
  static const std::set<std::string> kEndings = {".jsonl", ".ndjson", ".json"};
  return kEndings;
}

std::vector<fs::path> find_files(const fs::path& folder, Part part, const std::set<std::string>& endings) {
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (!entry.is_regular_file() || !endings.contains(entry.path().extension().string())) continue;
    const std::set<std::string> words = words_of(entry.path());
    const bool is_part =
        std::ranges::any_of(names_of(part), [&words](const std::string& name) { return words.contains(name); });
    if (is_part) found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

}  // namespace

std::vector<fs::path> find_tagged_file(const fs::path& folder, Part part) {
  std::vector<fs::path> found = find_files(folder, part, endings_of_lines());
  if (found.empty()) found = find_files(folder, part, endings_of_json());
  if (found.size() <= 1) return found;
  throw DataError("{}: {} and {} could both be meant; name the file itself", folder.string(),
                  found[0].filename().string(), found[1].filename().string());
}

std::string expected_tagged_file(Part part) {
  return fmt::format(
      "a file of tagged words with {} in its name (train.conll, eng.testa, en_ewt-ud-dev.conllu, "
      "dev.jsonl)",
      fmt::join(names_of(part), " or "));
}

}  // namespace albert::tasks
