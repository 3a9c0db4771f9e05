#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/store/file_record.h"
#include "corpus/store/split.h"

namespace albert::corpus {

/// Name of the manifest in a corpus folder.
inline constexpr std::string_view kManifestName = "manifest.json";
/// Subfolder with the corpus's own copy of its tokenizer.
inline constexpr std::string_view kTokenizerFolder = "tokenizer";

/// A shard of a corpus folder.
struct ShardRecord {
  FileRecord file;
  Split split = Split::kTrain;
  Counts counts;

  bool operator==(const ShardRecord&) const = default;
};

/// A document that was left out because an earlier one says the same.
struct DuplicateRecord {
  std::uint32_t file = 1;  ///< its place among the files of the input, from 1
  std::uint64_t byte = 0;  ///< where it begins in the file's (decompressed) content
  std::uint32_t like_file = 1;
  std::uint64_t like_byte = 0;
  double similarity = 1;  ///< estimated, below 1 unless the texts are equal

  bool operator==(const DuplicateRecord&) const = default;
};

/// So many of them stand in the manifest; the list beside it has all.
inline constexpr std::size_t kMaxDuplicatesInManifest = 100;

/// What a corpus folder holds and what it was made by. It names no time, host, path, command line or number of threads,
/// so that equal input and settings give equal bytes.
struct Manifest {
  static constexpr std::int64_t kVersion = 1;

  std::string tokenizer_fingerprint;
  std::int32_t vocabulary_size = 0;
  std::map<std::string, std::string> settings;      ///< what the build was asked for, as text
  std::map<std::string, std::uint64_t> statistics;  ///< what the build read, repaired and skipped
  /// Characters that the vocabulary lacks, with how often they occur: those that do so most often.
  std::map<std::string, std::uint64_t> unknown_characters;
  std::vector<DuplicateRecord> duplicates;  ///< the first of them
  std::vector<ShardRecord> shards;          ///< those of a split in the order of their documents
  std::vector<FileRecord> files;            ///< every other file of the folder (the tokenizer's)

  /// Sums over the shards.
  Counts counts(Split split) const;
  bool operator==(const Manifest&) const = default;
};

/// The manifest as the JSON text that write_manifest() stores. Its last value, "checksum", is that of the text itself
/// with those 32 digits set to 0, so every byte is covered.
std::string to_json(const Manifest& manifest);

/// The manifest that a JSON text holds.
/// Throws DataError naming `path` if the text is damaged, of another version, or names a file outside the folder.
Manifest parse_manifest(std::string_view json, const std::filesystem::path& path);

/// Writes FOLDER/manifest.json, whole or not at all.
/// Throws IoError.
void write_manifest(const std::filesystem::path& folder, const Manifest& manifest);

/// Reads FOLDER/manifest.json.
/// Throws DataError if there is none (the folder is no corpus) or as parse_manifest().
Manifest read_manifest(const std::filesystem::path& folder);

}  // namespace albert::corpus
