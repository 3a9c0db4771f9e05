#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "corpus/block_encoder.h"
#include "corpus/manifest.h"
#include "corpus/min_hash.h"

/// Encoded blocks on the disk, with what is to be known of all documents before the first is written to a corpus: which
/// are duplicates, which lines are everywhere. A build keeps one spool until its end; a part is one, and a merge reads
/// several, one behind the other. Files of records as they lie in memory, in a folder.
namespace albert::corpus {

/// Names of the files.
inline constexpr std::string_view kBlocksFile = "blocks";
inline constexpr std::string_view kDocumentsFile = "documents";    ///< a SpooledDocument for each
inline constexpr std::string_view kSignaturesFile = "signatures";  ///< a Signature for each document
inline constexpr std::string_view kLinesFile = "lines";            ///< SpooledLines

/// What is kept beside the blocks.
struct SpoolContent {
  bool documents = false;
  bool signatures = false;
  bool lines = false;
};

struct SpooledDocument {
  std::uint64_t hash = 0;  ///< of the whole text, with `more_hash`
  std::uint64_t more_hash = 0;
  std::uint64_t begin = 0;  ///< see TextBlock::document_begin
  std::uint32_t file = 1;
  std::uint32_t has_words = 0;  ///< 0: the signature says nothing
};

/// That a paragraph stands in a document; one of several blocks may say so several times.
struct SpooledLine {
  std::uint64_t hash = 0;
  std::uint64_t document = 0;  ///< of the spool, from 0
};

/// Writes a spool. Throws IoError.
class SpoolWriter {
 public:
  SpoolWriter(const std::filesystem::path& folder, const SpoolContent& content, std::int32_t vocabulary_size);
  ~SpoolWriter();
  SpoolWriter(const SpoolWriter&) = delete;
  SpoolWriter& operator=(const SpoolWriter&) = delete;

  /// The next block of the input.
  void add(const EncodedBlock& block);
  std::uint64_t num_documents() const;
  /// Completes the files.
  std::vector<FileRecord> finish();

 private:
  class Content;
  std::unique_ptr<Content> content_;
};

/// Reads the blocks of a spool in their order.
class SpoolReader {
 public:
  SpoolReader(const std::filesystem::path& folder, std::int32_t vocabulary_size);
  ~SpoolReader();
  SpoolReader(const SpoolReader&) = delete;
  SpoolReader& operator=(const SpoolReader&) = delete;

  /// The next block, with what a corpus needs of it: sentences, paragraphs (all as one where no lines were kept),
  /// unknown characters and hash; nothing at the end.
  /// Throws IoError, DataError.
  std::optional<EncodedBlock> next();
  std::uint64_t bytes_read() const;

 private:
  class Content;
  std::unique_ptr<Content> content_;
};

}  // namespace albert::corpus
