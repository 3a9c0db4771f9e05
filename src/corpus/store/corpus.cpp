#include "corpus/store/corpus.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/checksum.h"
#include "base/error.h"
#include "corpus/store/manifest.h"
#include "corpus/store/shard.h"

namespace albert::corpus {

namespace {

/// The shards of one split.
struct Part {
  std::vector<Shard> shards;
  std::vector<std::uint64_t> document_ends;  ///< documents up to and with each shard
  Counts counts;

  void add(Shard shard) {
    counts += shard.counts();
    document_ends.push_back(counts.documents);
    shards.push_back(std::move(shard));
  }
};

}  // namespace

Range Document::tokens(std::size_t i) const {
  if (i >= num_sentences()) throw InternalError("sentence {} of a document of {}", i, num_sentences());
  return shard_->tokens_of(first_sentence_ + i);
}

std::uint32_t Document::length(std::size_t i) const {
  return static_cast<std::uint32_t>(tokens(i).size());
}

void Document::append(std::size_t first, std::size_t last, std::vector<std::int32_t>& ids) const {
  if (first < last) shard_->append({tokens(first).begin, tokens(last - 1).end}, ids);
}

struct Corpus::Content {
  fs::path folder;
  Manifest manifest;
  std::string fingerprint;
  std::array<Part, 2> parts;

  const Part& part(Split split) const { return parts[static_cast<std::size_t>(split)]; }
};

Corpus::Corpus(std::unique_ptr<Content> content) : content_(std::move(content)) {}
Corpus::~Corpus() = default;

std::shared_ptr<const Corpus> Corpus::open(const fs::path& folder) {
  auto content = std::make_unique<Content>();
  content->folder = folder;
  content->manifest = read_manifest(folder);
  content->fingerprint = checksum_of(to_json(content->manifest));
  for (const ShardRecord& record : content->manifest.shards) {
    content->parts[static_cast<std::size_t>(record.split)].add(
        Shard(folder, record, content->manifest.vocabulary_size));
  }
  return std::shared_ptr<const Corpus>(new Corpus(std::move(content)));
}

std::uint64_t Corpus::num_documents(Split split) const {
  return content_->part(split).counts.documents;
}
std::uint64_t Corpus::num_sentences(Split split) const {
  return content_->part(split).counts.sentences;
}
std::uint64_t Corpus::num_tokens(Split split) const {
  return content_->part(split).counts.tokens;
}

Document Corpus::document(Split split, std::uint64_t index) const {
  const Part& part = content_->part(split);
  if (index >= part.counts.documents) throw InternalError("document {} of {}", index, part.counts.documents);
  const auto end = std::upper_bound(part.document_ends.begin(), part.document_ends.end(), index);
  const Shard& shard = part.shards[static_cast<std::size_t>(end - part.document_ends.begin())];
  const Range sentences = shard.sentences_of(index - (*end - shard.counts().documents));
  return {shard, sentences.begin, sentences.end};
}

const std::vector<Shard>& Corpus::shards(Split split) const {
  return content_->part(split).shards;
}
const Manifest& Corpus::manifest() const {
  return content_->manifest;
}
const fs::path& Corpus::folder() const {
  return content_->folder;
}
fs::path Corpus::tokenizer_folder() const {
  return content_->folder / kTokenizerFolder;
}
const std::string& Corpus::fingerprint() const {
  return content_->fingerprint;
}

}  // namespace albert::corpus
