#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "corpus/store/split.h"

namespace albert::corpus {

class Shard;
struct Manifest;
struct Range;

/// The sentences of one document as token ids, without special tokens; a view into a corpus, which must outlive it.
/// Offsets are checked as they are used: a damaged shard gives a DataError that names it, never a wild read.
class Document {
 public:
  Document(const Shard& shard, std::uint64_t first_sentence, std::uint64_t last_sentence)
      : shard_(&shard), first_sentence_(first_sentence), last_sentence_(last_sentence) {}

  std::size_t num_sentences() const { return last_sentence_ - first_sentence_; }
  /// Tokens of sentence `i`; at least 1.
  std::uint32_t length(std::size_t i) const;
  /// The tokens of sentence `i`, counted from the first of the shard.
  Range tokens(std::size_t i) const;
  const Shard& shard() const { return *shard_; }
  /// Appends the ids of sentences first .. last-1.
  void append(std::size_t first, std::size_t last, std::vector<std::int32_t>& ids) const;

 private:
  const Shard* shard_;
  std::uint64_t first_sentence_;  ///< in the shard
  std::uint64_t last_sentence_;   ///< excluded
};

/// A built corpus: a folder of shards and a manifest, mapped into memory. Immutable, and safe to read from several
/// threads.
class Corpus {
 public:
  /// Checks the manifest and the size and header of every shard (verify() also checks every byte).
  /// Throws DataError naming the file, what was expected and what was found.
  static std::shared_ptr<const Corpus> open(const std::filesystem::path& folder);
  ~Corpus();

  std::uint64_t num_documents(Split split) const;
  std::uint64_t num_sentences(Split split) const;
  std::uint64_t num_tokens(Split split) const;
  /// \param index in [0, num_documents(split)), in the order of the input
  Document document(Split split, std::uint64_t index) const;

  /// The shards of a split, in the order of their documents.
  const std::vector<Shard>& shards(Split split) const;
  const Manifest& manifest() const;
  const std::filesystem::path& folder() const;

  /// The folder's own copy of the tokenizer that encoded it.
  std::filesystem::path tokenizer_folder() const;
  /// Checksum of everything that decides the content: equal for equal corpora.
  const std::string& fingerprint() const;

 private:
  struct Content;
  explicit Corpus(std::unique_ptr<Content> content);
  std::unique_ptr<Content> content_;
};

}  // namespace albert::corpus
