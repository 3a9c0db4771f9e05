#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "corpus/encoding/block_encoder.h"
#include "corpus/encoding/min_hash.h"
#include "corpus/store/manifest.h"
#include "corpus/store/record_file.h"

/// Encoded blocks on the disk, and what must be known of all documents before the first is written to a corpus: which
/// are duplicates, which lines are everywhere. A build keeps one spool until its end; a part is one, and a merge reads
/// those of all parts, one after another. Files of records as they lie in memory, in a folder.
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
  Hash128 hash;             ///< of the whole text
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

  /// The next block of the input.
  void add(const EncodedBlock& block);
  std::uint64_t num_documents() const { return num_documents_; }
  /// Completes the files.
  std::vector<FileRecord> finish();

 private:
  void write_block(const EncodedBlock& block);
  void write_lines(const EncodedBlock& block);
  void note(const EncodedBlock& block);

  std::uint32_t token_bytes_;
  CheckedWriter blocks_;
  std::optional<CheckedWriter> documents_;
  std::optional<CheckedWriter> signatures_;
  std::optional<CheckedWriter> lines_;
  std::uint64_t num_documents_ = 0;
  SpooledDocument document_;  ///< the current one
  MinHash min_hash_;
  std::vector<std::uint16_t> narrow_;
  std::vector<std::uint32_t> ends_;
  std::vector<std::uint64_t> hashes_;
};

/// Reads the blocks of a spool in their order.
class SpoolReader {
 public:
  SpoolReader(const std::filesystem::path& folder, std::int32_t vocabulary_size);

  /// The next block, with what a corpus needs of it: sentences, paragraphs (all as one where no lines were kept),
  /// unknown characters and hash; nothing at the end.
  /// Throws IoError, DataError.
  std::optional<EncodedBlock> next();
  std::uint64_t bytes_read() const { return file_.offset(); }

 private:
  std::uint32_t token_bytes_;
  ByteReader file_;
  std::vector<std::uint16_t> narrow_;
  std::vector<std::uint32_t> ends_;
};

/// One record for each document of several spools, numbered from 0 through all of them. One file is open at a time,
/// however many spools there are.
template <typename Record>
class DocumentRecords {
 public:
  /// \param spools folders, in the order of the input; they outlive this object
  /// \param name kDocumentsFile or kSignaturesFile
  DocumentRecords(const std::vector<std::filesystem::path>& spools, std::string_view name)
      : spools_(spools), name_(name) {}

  /// Moves on to the next record; nothing at the end.
  /// Throws IoError; DataError if a file ends within a record.
  std::optional<Record> next() {
    for (;;) {
      if (reader_) current_ = reader_->next();
      if (reader_ && current_) {
        ++num_read_;
        return current_;
      }
      if (next_spool_ == spools_.size()) return std::nullopt;
      reader_.emplace(spools_[next_spool_++] / name_);
    }
  }
  /// The record of a document. Those that are asked for never come before one that was asked for earlier.
  /// Throws as next().
  const Record& at(std::uint64_t document) {
    while (num_read_ <= document) {
      if (!next()) throw DataError("document {} has no record among the {}", document, name_);
    }
    return *current_;
  }

 private:
  const std::vector<std::filesystem::path>& spools_;
  std::string_view name_;
  std::size_t next_spool_ = 0;
  std::optional<RecordReader<Record>> reader_;
  std::optional<Record> current_;
  std::uint64_t num_read_ = 0;
};

/// How many documents a spool has, which keeps them.
/// Throws std::filesystem::filesystem_error.
std::uint64_t num_documents_of(const std::filesystem::path& spool);

}  // namespace albert::corpus
