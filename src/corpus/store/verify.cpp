#include "corpus/store/verify.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "corpus/store/file_record.h"
#include "corpus/store/manifest.h"
#include "corpus/store/shard.h"

namespace albert::corpus {

namespace {

/// What is wrong with a shard whose bytes are as they were written: that can only be its writer's fault.
std::string check_structure(const fs::path& folder, const ShardRecord& record, std::int32_t vocabulary_size) {
  try {
    const Shard shard(folder, record, vocabulary_size);
    std::uint64_t sentences = 0;
    for (std::uint64_t i = 0; i < shard.counts().documents; ++i) sentences += shard.sentences_of(i).size();
    std::uint64_t tokens = 0;
    std::vector<std::int32_t> ids;
    for (std::uint64_t i = 0; i < shard.counts().sentences; ++i) {
      ids.clear();
      shard.append(shard.tokens_of(i), ids);
      tokens += ids.size();
    }
    if (sentences == shard.counts().sentences && tokens == shard.counts().tokens) return "";
    return fmt::format("{}: expected {} sentences and {} tokens in its documents, found {} and {}",
                       shard.path().string(), shard.counts().sentences, shard.counts().tokens, sentences, tokens);
  } catch (const DataError& error) {
    return error.what();
  }
}

/// Shards that the manifest does not name, as a build that failed or a copy into the wrong folder leaves them.
void find_unknown_shards(const fs::path& folder, const Manifest& manifest, std::vector<std::string>& problems) {
  std::set<std::string> known;
  for (const ShardRecord& shard : manifest.shards) known.insert(shard.file.name);
  std::set<std::string> unknown;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() == ".shard" && !known.contains(name)) unknown.insert(name);
  }
  for (const std::string& name : unknown)
    problems.push_back(fmt::format("{}: a shard that the manifest does not name", (folder / name).string()));
}

}  // namespace

Verification verify(const fs::path& folder) {
  const Manifest manifest = read_manifest(folder);
  Verification result{.num_files = 1, .size_bytes = to_json(manifest).size(), .problems = {}};
  const auto add = [&](const FileRecord& record, const std::string& problem) {
    ++result.num_files;
    result.size_bytes += record.size_bytes;
    if (!problem.empty()) result.problems.push_back(problem);
  };
  for (const ShardRecord& shard : manifest.shards) {
    std::string problem = compare(folder / shard.file.name, shard.file);
    if (problem.empty()) problem = check_structure(folder, shard, manifest.vocabulary_size);
    add(shard.file, problem);
  }
  for (const FileRecord& file : manifest.files) add(file, compare(folder / file.name, file));
  find_unknown_shards(folder, manifest, result.problems);
  return result;
}

}  // namespace albert::corpus
