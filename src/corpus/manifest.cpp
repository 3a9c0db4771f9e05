#include "corpus/manifest.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/checksum.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"

namespace albert::corpus {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kUnknownCharacters = "unknown_characters";
constexpr std::size_t kChecksumDigits = 32;
const std::string kNoChecksum(kChecksumDigits, '0');

/// Where the digits of the text's own checksum begin: it is the last value.
std::size_t find_checksum(std::string_view json) {
  constexpr std::string_view kKey = R"("checksum": ")";
  const std::size_t key = json.rfind(kKey);
  const std::size_t digits = key == std::string_view::npos ? key : key + kKey.size();
  return digits == std::string_view::npos || digits + kChecksumDigits > json.size() ? std::string_view::npos : digits;
}

std::string checksum_without_itself(std::string_view json, std::size_t digits) {
  std::string text(json);
  text.replace(digits, kChecksumDigits, kNoChecksum);
  return checksum_of(text);
}

Json counts_to_json(const Counts& counts) {
  return {{"documents", counts.documents}, {"sentences", counts.sentences}, {"tokens", counts.tokens}};
}

Counts counts_from_json(const Json& json) {
  return {.documents = json.at("documents"), .sentences = json.at("sentences"), .tokens = json.at("tokens")};
}

Json file_to_json(const FileRecord& file) {
  return {{"name", file.name}, {"size_bytes", file.size_bytes}, {"checksum", file.checksum}};
}

/// A name that leads out of the folder has no business in a manifest, however it got there.
FileRecord file_from_json(const Json& json) {
  FileRecord file{.name = json.at("name"), .size_bytes = json.at("size_bytes"), .checksum = json.at("checksum")};
  const fs::path name(file.name);
  const bool climbs = std::any_of(name.begin(), name.end(), [](const fs::path& part) { return part == ".."; });
  if (name.empty() || name.is_absolute() || climbs) throw DataError("names the file {}, outside the folder", file.name);
  return file;
}

ShardRecord shard_from_json(const Json& json) {
  const std::string split = json.at("split");
  if (split != to_string(Split::kTrain) && split != to_string(Split::kHeldOut))
    throw DataError("unknown split {}", split);
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

Manifest manifest_from_json(const Json& json) {
  Manifest manifest;
  manifest.tokenizer_fingerprint = json.at("tokenizer_fingerprint");
  manifest.vocabulary_size = json.at("vocabulary_size");
  manifest.settings = json.at("settings");
  manifest.statistics = json.at("statistics");
  if (json.contains(kUnknownCharacters)) manifest.unknown_characters = json.at(kUnknownCharacters);
  for (const Json& shard : json.at("shards")) manifest.shards.push_back(shard_from_json(shard));
  for (const Json& file : json.at("files")) manifest.files.push_back(file_from_json(file));
  if (manifest.vocabulary_size <= 0) throw DataError("vocabulary_size is {}", manifest.vocabulary_size);
  return manifest;
}

}  // namespace

FileRecord record_file(const fs::path& folder, const std::string& name) {
  const fs::path path = folder / name;
  std::error_code error;
  const std::uint64_t size_bytes = fs::file_size(path, error);
  if (error) throw IoError("cannot read {}: {}", path.string(), error.message());
  return {.name = name, .size_bytes = size_bytes, .checksum = checksum_of_file(path)};
}

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
               {"train", counts_to_json(manifest.counts(Split::kTrain))},
               {"held_out", counts_to_json(manifest.counts(Split::kHeldOut))},
               {"shards", Json::array()},
               {"files", Json::array()},
               {"checksum", kNoChecksum}};
  if (manifest.unknown_characters.empty()) json.erase(kUnknownCharacters);
  for (const ShardRecord& shard : manifest.shards) json["shards"].push_back(shard_to_json(shard));
  for (const FileRecord& file : manifest.files) json["files"].push_back(file_to_json(file));
  // Settings are text of the command line, which need not be UTF-8.
  std::string text = dump_json(json, 2) + "\n";
  const std::size_t digits = find_checksum(text);
  return text.replace(digits, kChecksumDigits, checksum_of(text));
}

Manifest parse_manifest(std::string_view json, const fs::path& path) {
  const std::size_t digits = find_checksum(json);
  if (digits == std::string_view::npos) {
    throw DataError("{}: no checksum at its end: it is damaged, or not the manifest of a corpus", path.string());
  }
  const std::string_view expected = json.substr(digits, kChecksumDigits);
  const std::string found = checksum_without_itself(json, digits);
  if (expected != found) {
    throw DataError("{}: damaged: expected the checksum {}, found {}; build the corpus again", path.string(), expected,
                    found);
  }
  try {
    const Json root = read_ordered_json(json);
    const std::int64_t version = root.at("version");
    if (version != Manifest::kVersion) throw DataError("expected version {}, found {}", Manifest::kVersion, version);
    return manifest_from_json(root);
  } catch (const nlohmann::json::exception& error) {
    throw DataError("{}: {}", path.string(), json_problem(error));
  } catch (const DataError& error) {
    throw DataError("{}: {}", path.string(), error.what());
  }
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
