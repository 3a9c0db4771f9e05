#include "corpus/split_writer.h"

#include "base/error.h"
#include "base/file.h"
#include "corpus/corpus.h"

namespace albert::corpus {

namespace {

Split other(Split split) {
  return split == Split::kTrain ? Split::kHeldOut : Split::kTrain;
}

void copy_document(const Document& document, ShardWriter& writer) {
  std::vector<std::int32_t> ids;
  for (std::size_t i = 0; i < document.num_sentences(); ++i) {
    ids.clear();
    document.append(i, i + 1, ids);
    writer.add_sentence(ids);
  }
  writer.end_document();
}

}  // namespace

SplitWriter::SplitWriter(const fs::path& folder, std::int32_t vocabulary_size, double held_out)
    : held_out_(held_out),
      parts_{Part{ShardWriter(folder, Split::kTrain, vocabulary_size)},
             Part{ShardWriter(folder, Split::kHeldOut, vocabulary_size)}} {}

void SplitWriter::Part::note(std::uint64_t hash, std::uint64_t index) {
  if (index == 0 || hash < smallest_hash) {
    smallest_hash = hash;
    smallest_index = index;
  }
  if (index == 0 || hash > largest_hash) {
    largest_hash = hash;
    largest_index = index;
  }
}

void SplitWriter::add(const EncodedBlock& block) {
  if (block.first) {
    hash_ = block.hash;
    split_ = static_cast<double>(hash_) * 0x1p-64 < held_out_ ? Split::kHeldOut : Split::kTrain;
  }
  ShardWriter& writer = part(split_).writer;
  for (std::size_t i = 0; i < block.num_sentences(); ++i) writer.add_sentence(block.sentence(i));
  if (block.last) end_document();
}

void SplitWriter::end_document() {
  Part& current = part(split_);
  const std::uint64_t index = current.writer.counts().documents;
  current.writer.end_document();
  if (current.writer.counts().documents == index) {
    ++num_empty_documents_;
  } else {
    current.note(hash_, index);
  }
}

std::vector<ShardRecord> SplitWriter::finish() {
  std::vector<ShardRecord> shards;
  for (Part& each : parts_) {
    for (ShardRecord& shard : each.writer.finish()) shards.push_back(std::move(shard));
  }
  return shards;
}

std::optional<DocumentPlace> SplitWriter::misplaced() const {
  const Part& train = part(Split::kTrain);
  const Part& held_out = part(Split::kHeldOut);
  const std::uint64_t num_train = train.writer.counts().documents;
  const std::uint64_t num_held_out = held_out.writer.counts().documents;
  if (num_train == 0 && num_held_out > 0) return DocumentPlace{Split::kHeldOut, held_out.largest_index};
  if (held_out_ > 0 && num_held_out == 0 && num_train > 1) return DocumentPlace{Split::kTrain, train.smallest_index};
  return std::nullopt;
}

std::vector<ShardRecord> move_document(const fs::path& folder, const DocumentPlace& place) {
  const fs::path scratch = folder / "moved";
  std::vector<ShardRecord> shards;
  {
    const auto corpus = Corpus::open(folder);
    const std::int32_t vocabulary_size = corpus->manifest().vocabulary_size;
    fs::create_directory(scratch);
    for (const Split split : {Split::kTrain, Split::kHeldOut}) {
      ShardWriter writer(scratch, split, vocabulary_size);
      for (std::uint64_t i = 0; i < corpus->num_documents(place.split); ++i) {
        const Split target = i == place.index ? other(place.split) : place.split;
        if (target == split) copy_document(corpus->document(place.split, i), writer);
      }
      for (ShardRecord& shard : writer.finish()) shards.push_back(std::move(shard));
    }
    for (const ShardRecord& shard : corpus->manifest().shards) fs::remove(folder / shard.file.name);
  }
  for (const ShardRecord& shard : shards) fs::rename(scratch / shard.file.name, folder / shard.file.name);
  fs::remove(scratch);
  return shards;
}

}  // namespace albert::corpus
