#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "corpus/parts/input_part.h"
#include "corpus/reading/document_stream.h"
#include "corpus/store/file_record.h"
#include "corpus/store/manifest.h"

namespace albert::corpus {

/// Name of the file that describes a part, in its folder.
inline constexpr std::string_view kPartManifestName = "part.json";

/// What a part is one of.
enum class PartKind {
  kCorpus,  ///< a spool (spool.h) of the documents of one part of the input, with a copy of the tokenizer
  kSample,  ///< lines of one part of the input, to train a tokenizer on (sample_part.h)
};

/// The command that makes a part of the kind.
inline std::string_view command_of(PartKind kind) {
  return kind == PartKind::kCorpus ? "albert corpus build" : "albert tokenizer sample";
}
inline std::string_view to_string(PartKind kind) {
  return kind == PartKind::kCorpus ? "corpus" : "sample";
}

/// A part that lies in a folder of its own.
struct PartManifest {
  static constexpr std::int64_t kVersion = 2;

  PartKind kind = PartKind::kCorpus;
  std::string program_version;
  PartOfInput part;
  InputIdentity input;        ///< of all parts
  std::string text_checksum;  ///< of what this part reads, see text_checksum_of()
  bool skips_unreadable = false;
  std::string tokenizer_fingerprint;  ///< empty for a sample
  std::int32_t vocabulary_size = 0;
  std::map<std::string, std::string> settings;      ///< as in the manifest of the corpus
  std::map<std::string, std::uint64_t> statistics;  ///< of what was read for this part
  std::uint64_t num_documents = 0;
  std::vector<PartLines> part_lines;  ///< of files that are cut between parts
  std::vector<FileRecord> files;      ///< every other file of the folder

  bool operator==(const PartManifest&) const = default;
};

/// Writes FOLDER/part.json.
/// Throws IoError.
void write_part_manifest(const std::filesystem::path& folder, const PartManifest& manifest);
/// Reads it.
/// Throws DataError if there is none, or it is damaged, or of another kind.
PartManifest read_part_manifest(const std::filesystem::path& folder, PartKind kind);

/// In what a part differs from one that it was to be merged with, or to be the same as: "the tokenizer: expected 12ab,
/// found 34cd"; empty if in nothing. Which part it is, and what it holds, do not count.
std::string difference(const PartManifest& found, const PartManifest& expected);

/// What is wrong with the files of a part, read as a whole: "parts/part-00003-of-00008/blocks: expected 12 bytes, found
/// 11"; empty if nothing is.
/// Throws IoError; Error when stopped by a signal.
std::string damage_of(const std::filesystem::path& folder, const PartManifest& manifest);

}  // namespace albert::corpus
