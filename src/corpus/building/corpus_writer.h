#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "corpus/building/split_writer.h"
#include "corpus/dedup/duplicates.h"
#include "corpus/dedup/repeated_lines.h"
#include "corpus/encoding/block_encoder.h"
#include "corpus/encoding/spool.h"
#include "corpus/store/assembly_settings.h"
#include "corpus/store/manifest.h"

namespace albert::text {
class Tokenizer;
}

namespace albert::corpus {

/// Writes the shards of a corpus from the encoded blocks of its documents, in their order, and counts what a manifest
/// says of them.
class CorpusWriter {
 public:
  /// \param folder to write to
  /// \param tokenizer must outlive this object
  CorpusWriter(std::filesystem::path folder, const text::Tokenizer& tokenizer, const AssemblySettings& settings);

  /// Adds the next block of the input; where no spool is needed.
  void add(const EncodedBlock& block);
  /// Adds all blocks of spools, one spool after another, but for duplicates and repeated lines, of which it writes
  /// lists; with progress.
  /// \param spools folders
  /// Throws IoError, DataError; Error when stopped by a signal.
  void add(const std::vector<std::filesystem::path>& spools);

  /// Documents written so far.
  std::uint64_t num_documents() const { return writer_.num_documents(); }

  /// Completes the corpus: shards and lists, a copy of the tokenizer, and the manifest.
  /// \param manifest with settings, and statistics of what was read
  /// \param put_copy puts the tokenizer into the folder that it gets, under kTokenizerFolder, and returns its files
  /// \return the whole manifest
  /// Throws DataError if there was no text; IoError.
  Manifest finish(Manifest manifest,
                  const std::function<std::vector<FileRecord>(const std::filesystem::path&)>& put_copy);

 private:
  void add_all_but(const std::optional<std::filesystem::path>& duplicates,
                   const std::vector<std::filesystem::path>& spools);
  void add_statistics(std::map<std::string, std::uint64_t>& statistics) const;

  std::filesystem::path folder_;
  const text::Tokenizer& tokenizer_;
  AssemblySettings settings_;
  SplitWriter writer_;
  std::uint64_t num_unknown_ = 0;
  std::map<char32_t, std::uint64_t> unknown_characters_;
  DuplicateCounts num_duplicates_;
  std::uint64_t num_duplicate_tokens_ = 0;
  std::vector<DuplicateRecord> listed_duplicates_;
  std::optional<RepeatedLines> repeated_lines_;
};

/// What spools must keep for a CorpusWriter of these settings.
SpoolContent spool_content_for(const AssemblySettings& settings);

/// Why a folder is not replaced by a corpus; empty if it holds one and nothing else.
std::string why_no_corpus(const std::filesystem::path& folder);

}  // namespace albert::corpus
