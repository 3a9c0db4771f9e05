#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace albert::corpus {

/// Which part of a corpus: what is trained on, or what is only evaluated on.
enum class Split { kTrain, kHeldOut };

/// The sentences of one document as token ids, without special tokens; a view into a mapped shard.
class Document {
 public:
  std::size_t num_sentences() const { return ends_.size(); }
  /// Tokens of sentence `i`; at least 1.
  std::uint32_t length(std::size_t i) const { return static_cast<std::uint32_t>(ends_[i] - begin(i)); }
  /// Appends the ids of sentences first .. last-1.
  void append(std::size_t first, std::size_t last, std::vector<std::int32_t>& ids) const;

 private:
  friend class Corpus;
  std::uint64_t begin(std::size_t i) const { return i == 0 ? first_ : ends_[i - 1]; }

  const std::byte* tokens_ = nullptr;    ///< of the whole shard
  unsigned token_bytes_ = 2;             ///< 2 or 4
  std::uint64_t first_ = 0;              ///< index of the document's first token in the shard
  std::span<const std::uint64_t> ends_;  ///< index after each sentence's last token
};

/// A built corpus: a folder of shards and a manifest, mapped into memory. Immutable, and safe to read from several threads.
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
