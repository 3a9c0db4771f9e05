#include "corpus/store/manifest.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/shown.h"
#include "corpus/store/checked_json.h"

namespace albert::corpus {

namespace {

using Json = nlohmann::ordered_json;
using Numbers = std::map<std::string, std::uint64_t>;

constexpr const char* kUnknownCharacters = "unknown_characters";
constexpr const char* kDuplicates = "duplicates";

Json counts_to_json(const Counts& counts) {
  return {{"documents", counts.documents}, {"sentences", counts.sentences}, {"tokens", counts.tokens}};
}

Counts counts_from_json(const Json& json) {
  return {.documents = json_value_of<std::uint64_t>(json, "documents"),
          .sentences = json_value_of<std::uint64_t>(json, "sentences"),
          .tokens = json_value_of<std::uint64_t>(json, "tokens")};
}

ShardRecord shard_from_json(const Json& json) {
  const auto split = json_value_of<std::string>(json, "split");
  if (split != to_string(Split::kTrain) && split != to_string(Split::kHeldOut))
    throw DataError("unknown split {}", in_quotes(split));
  return {.file = file_from_json(json),
          .split = split == to_string(Split::kTrain) ? Split::kTrain : Split::kHeldOut,
          .counts = counts_from_json(json)};
}

Json shard_to_json(const ShardRecord& shard) {
  Json json = file_to_json(shard.file);
  json["split"] = to_string(shard.split);
  json.update(counts_to_json(shard.counts));
  return json;
}

Json duplicate_to_json(const DuplicateRecord& duplicate) {
  return {{"file", duplicate.file},
          {"byte", duplicate.byte},
          {"like_file", duplicate.like_file},
          {"like_byte", duplicate.like_byte},
          {"similarity", duplicate.similarity}};
}

DuplicateRecord duplicate_from_json(const Json& json) {
  return {.file = json_value_of<std::uint32_t>(json, "file"),
          .byte = json_value_of<std::uint64_t>(json, "byte"),
          .like_file = json_value_of<std::uint32_t>(json, "like_file"),
          .like_byte = json_value_of<std::uint64_t>(json, "like_byte"),
          .similarity = json_value_of<double>(json, "similarity")};
}

Manifest manifest_from_json(const Json& json) {
  Manifest manifest;
  manifest.tokenizer_fingerprint = json_value_of<std::string>(json, "tokenizer_fingerprint");
  manifest.vocabulary_size = json_value_of<std::int32_t>(json, "vocabulary_size");
  manifest.settings = json_value_of<std::map<std::string, std::string>>(json, "settings");
  manifest.statistics = json_value_of<Numbers>(json, "statistics");
  if (json.contains(kUnknownCharacters)) manifest.unknown_characters = json_value_of<Numbers>(json, kUnknownCharacters);
  if (json.contains(kDuplicates)) {
    for (const Json& one : json_list_of(json, kDuplicates)) manifest.duplicates.push_back(duplicate_from_json(one));
  }
  for (const Json& shard : json_list_of(json, "shards")) manifest.shards.push_back(shard_from_json(shard));
  for (const Json& file : json_list_of(json, "files")) manifest.files.push_back(file_from_json(file));
  if (manifest.vocabulary_size <= 0) throw DataError("vocabulary_size is {}", manifest.vocabulary_size);
  return manifest;
}

}  // namespace

Counts Manifest::counts(Split split) const {
  Counts sum;
  for (const ShardRecord& shard : shards) {
    if (shard.split == split) sum += shard.counts;
  }
  return sum;
}

std::string to_json(const Manifest& manifest) {
  Json json = {{"version", Manifest::kVersion},
               {"tokenizer_fingerprint", manifest.tokenizer_fingerprint},
               {"vocabulary_size", manifest.vocabulary_size},
               {"settings", manifest.settings},
               {"statistics", manifest.statistics},
               {kUnknownCharacters, manifest.unknown_characters},
               {kDuplicates, Json::array()},
               {"train", counts_to_json(manifest.counts(Split::kTrain))},
               {"held_out", counts_to_json(manifest.counts(Split::kHeldOut))},
               {"shards", Json::array()},
               {"files", Json::array()}};
  if (manifest.unknown_characters.empty()) json.erase(kUnknownCharacters);
  if (manifest.duplicates.empty()) json.erase(kDuplicates);
  for (const DuplicateRecord& duplicate : manifest.duplicates)
    json[kDuplicates].push_back(duplicate_to_json(duplicate));
  for (const ShardRecord& shard : manifest.shards) json["shards"].push_back(shard_to_json(shard));
  for (const FileRecord& file : manifest.files) json["files"].push_back(file_to_json(file));
  return to_checked_text(std::move(json));
}

Manifest parse_manifest(std::string_view json, const fs::path& path) {
  return read_checked_text(json, path, "corpus", [](const Json& root) {
    const auto version = json_value_of<std::int64_t>(root, "version");
    if (version != Manifest::kVersion) throw DataError("expected version {}, found {}", Manifest::kVersion, version);
    return manifest_from_json(root);
  });
}

void write_manifest(const fs::path& folder, const Manifest& manifest) {
  write_file_atomically(folder / kManifestName, to_json(manifest));
}

Manifest read_manifest(const fs::path& folder) {
  const fs::path path = folder / kManifestName;
  if (!fs::is_regular_file(path)) {
    throw DataError("{}: no {} there: not a corpus, or one whose build did not end; `albert corpus build` makes one",
                    folder.string(), kManifestName);
  }
  return parse_manifest(read_file(path), path);
}

}  // namespace albert::corpus
