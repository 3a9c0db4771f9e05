// A shard of a corpus. One that begins with its magic is read as it is. Nearly every other input would be refused for its
// counts, so it gives these, and what it holds: the header and the footer that fit are put around it.

#include "corpus/store/corpus.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/checksum.h"
#include "corpus/store/census.h"
#include "corpus/store/shard.h"
#include "corpus/store/verify.h"
#include "fuzz.h"
#include "input_file.h"

namespace albert::fuzz {

namespace {

constexpr std::int32_t kVocabularySize = 100;
constexpr std::size_t kMostOfEach = 64;

template <typename Value>
std::string_view raw(const Value& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

/// A shard of as many documents, sentences and tokens as the first bytes say, whose offsets and ids are what follows.
std::string shard_around(std::string_view input) {
  corpus::ShardFooter footer{};
  footer.num_documents = take_choice(input, kMostOfEach);
  footer.num_sentences = take_choice(input, kMostOfEach);
  footer.num_tokens = take_choice(input, kMostOfEach);
  std::ranges::copy(corpus::ShardFooter::kMagic, footer.magic);
  corpus::ShardHeader header{.version = corpus::ShardHeader::kVersion,
                             .token_bytes = corpus::token_bytes_of(kVocabularySize),
                             .vocabulary_size = kVocabularySize};
  std::ranges::copy(corpus::ShardHeader::kMagic, header.magic);
  const std::size_t token_bytes = (footer.num_tokens * header.token_bytes + 7) / 8 * 8;
  std::string content(input);
  content.resize(token_bytes + 8 * (footer.num_sentences + footer.num_documents));
  std::string shard = std::string(raw(header)) + content;
  std::ranges::copy(checksum_of(shard), footer.checksum);
  return shard.append(raw(footer));
}

/// What a manifest would say of the shard, if it was written so.
corpus::ShardRecord record_of(std::string_view shard, const std::filesystem::path& file) {
  corpus::ShardFooter footer{};
  if (shard.size() >= sizeof footer) std::memcpy(&footer, shard.data() + shard.size() - sizeof footer, sizeof footer);
  return {
      .file = {.name = file.filename().string(),
               .size_bytes = shard.size(),
               .checksum = std::string(footer.checksum, sizeof footer.checksum)},
      .counts = {.documents = footer.num_documents, .sentences = footer.num_sentences, .tokens = footer.num_tokens}};
}

void read_documents(const corpus::Corpus& corpus) {
  constexpr std::uint64_t kMostDocuments = 1000;
  const corpus::Shard& shard = corpus.shards(corpus::Split::kTrain).front();
  std::vector<std::int32_t> ids;
  for (std::uint64_t i = 0; i < std::min(shard.counts().documents, kMostDocuments); ++i) {
    const corpus::Document document = corpus.document(corpus::Split::kTrain, i);
    ids.clear();
    document.append(0, document.num_sentences(), ids);
    for (const std::int32_t id : ids) require(id >= 0 && id < kVocabularySize);
    const corpus::Range tokens = shard.document_tokens(i);
    require(shard.sentence_at(tokens.begin) <= shard.counts().sentences);
    require(shard.document_at(tokens.begin) <= shard.counts().documents);
  }
}

}  // namespace

void read(std::string_view input) {
  static InputFile file("corpus/train-00000.bin");
  static InputFile manifest_file("corpus/manifest.json");
  const bool is_whole = input.starts_with(corpus::ShardHeader::kMagic);
  const std::string shard = is_whole ? std::string(input) : shard_around(input);
  file.write(shard);
  corpus::Manifest manifest;
  manifest.vocabulary_size = kVocabularySize;
  manifest.shards = {record_of(shard, file.path())};
  manifest_file.write(corpus::to_json(manifest));
  const std::filesystem::path folder = file.path().parent_path();
  corpus::verify(folder);
  const auto opened = corpus::Corpus::open(folder);
  read_documents(*opened);
  corpus::take_census(*opened);
}

}  // namespace albert::fuzz
