#pragma once

#include <bit>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/mapped_file.h"
#include "corpus/store/manifest.h"
#include "corpus/store/split.h"

namespace albert::corpus {

static_assert(std::endian::native == std::endian::little, "shards are little-endian and read as they lie");

/// First bytes of a shard (README.md gives the whole format).
struct ShardHeader {
  static constexpr std::string_view kMagic = "ALBSHARD";
  static constexpr std::uint32_t kVersion = 1;

  char magic[8];
  std::uint32_t version;
  std::uint32_t token_bytes;  ///< 2 or 4
  std::uint32_t vocabulary_size;
  std::uint32_t reserved[3];  ///< 0
};
static_assert(sizeof(ShardHeader) == 32);

/// Last bytes of a shard. They stand at the end so that a shard of any size is written in one go.
struct ShardFooter {
  static constexpr std::string_view kMagic = "ALBSHEND";

  char magic[8];
  std::uint64_t num_tokens;
  std::uint64_t num_sentences;
  std::uint64_t num_documents;
  char checksum[32];  ///< covers every byte before it, in hexadecimal digits
};
static_assert(sizeof(ShardFooter) == 64);

/// Bytes of a token on the disk.
inline std::uint32_t token_bytes_of(std::int32_t vocabulary_size) {
  return vocabulary_size <= 65536 ? 2 : 4;
}

/// A half-open range of indices.
struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  std::uint64_t size() const { return end - begin; }
  bool operator==(const Range&) const = default;
};

/// A shard mapped for reading: documents are runs of sentences, sentences runs of tokens, each counted from the shard's
/// first. Every offset is checked when it is read, so that a damaged file gives a DataError that names it, never a wild
/// read.
class Shard {
 public:
  /// Checks size, header and footer against the manifest's record; not the bytes between (see verify.h).
  /// Throws DataError.
  Shard(const std::filesystem::path& folder, const ShardRecord& record, std::int32_t vocabulary_size);

  const Counts& counts() const { return counts_; }
  const std::filesystem::path& path() const { return file_.path(); }
  /// The whole file as it is mapped, and the checksum that it was written with.
  std::string_view bytes() const { return file_.text(); }
  const std::string& checksum() const { return checksum_; }

  /// The sentences of document `document`.
  Range sentences_of(std::uint64_t document) const;
  /// The tokens of sentence `sentence`.
  Range tokens_of(std::uint64_t sentence) const;
  /// The tokens of a whole document.
  Range document_tokens(std::uint64_t document) const;
  /// The document that token `token` belongs to, and its sentence.
  std::uint64_t document_at(std::uint64_t token) const;
  std::uint64_t sentence_at(std::uint64_t token) const;

  /// Appends the ids of tokens begin .. end-1.
  void append(Range tokens, std::vector<std::int32_t>& ids) const;

 private:
  template <typename Token>
  void append_as(Range tokens, std::vector<std::int32_t>& ids) const;
  Range range_in(std::span<const std::uint64_t> ends, std::uint64_t index, std::uint64_t limit,
                 std::string_view what) const;

  MappedFile file_;
  std::string checksum_;
  Counts counts_;
  std::uint32_t token_bytes_ = 2;
  std::int32_t vocabulary_size_ = 0;
  const std::byte* tokens_ = nullptr;
  std::span<const std::uint64_t> sentence_ends_;
  std::span<const std::uint64_t> document_ends_;
};

}  // namespace albert::corpus
