#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "corpus/store/corpus.h"
#include "corpus/store/manifest.h"
#include "corpus/store/shard_writer.h"
#include "support/fake_tokenizer.h"

namespace albert::testing {

using Sentences = std::vector<std::vector<std::int32_t>>;

/// What a corpus of a test holds.
struct SmallCorpus {
  std::vector<Sentences> train;
  std::vector<Sentences> held_out;
  std::int32_t vocabulary_size = 100;
  std::uint64_t max_shard_tokens = corpus::ShardWriter::kMaxShardTokens;
};

inline std::vector<corpus::ShardRecord> write_shards(const std::filesystem::path& folder, corpus::Split split,
                                                     const std::vector<Sentences>& documents,
                                                     const SmallCorpus& content) {
  corpus::ShardWriter writer(folder, split, content.vocabulary_size, content.max_shard_tokens);
  for (const Sentences& document : documents) {
    for (const std::vector<std::int32_t>& sentence : document) writer.add_sentence(sentence);
    writer.end_document();
  }
  return writer.finish();
}

/// Writes a whole corpus folder, with the FakeTokenizer's file.
inline void write_corpus(const std::filesystem::path& folder, const SmallCorpus& content) {
  const FakeTokenizer tokenizer(content.vocabulary_size);
  const std::filesystem::path tokenizer_folder = folder / corpus::kTokenizerFolder;
  std::filesystem::create_directories(tokenizer_folder);
  tokenizer.save(tokenizer_folder, 512);
  corpus::Manifest manifest;
  manifest.tokenizer_fingerprint = tokenizer.fingerprint();
  manifest.vocabulary_size = content.vocabulary_size;
  manifest.settings = {{"format", "text"}, {"held_out", "0.01"}};
  manifest.statistics = {{"input_bytes", 12}};
  manifest.shards = write_shards(folder, corpus::Split::kTrain, content.train, content);
  for (corpus::ShardRecord& record : write_shards(folder, corpus::Split::kHeldOut, content.held_out, content)) {
    manifest.shards.push_back(std::move(record));
  }
  manifest.files.push_back(corpus::record_file(folder, "tokenizer/spiece.model"));
  corpus::write_manifest(folder, manifest);
}

inline std::shared_ptr<const corpus::Corpus> open_corpus(const std::filesystem::path& folder,
                                                         const SmallCorpus& content) {
  write_corpus(folder, content);
  return corpus::Corpus::open(folder);
}

/// Every token of a document, as the corpus gives it back.
inline Sentences sentences_of(const corpus::Document& document) {
  Sentences sentences(document.num_sentences());
  for (std::size_t i = 0; i < sentences.size(); ++i) document.append(i, i + 1, sentences[i]);
  return sentences;
}

}  // namespace albert::testing
