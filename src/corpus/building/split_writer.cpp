#include "corpus/building/split_writer.h"

#include "base/durable.h"
#include "base/file.h"
#include "corpus/store/corpus.h"

namespace albert::corpus {

namespace fs = std::filesystem;

namespace {

/// Copies sentences first .. last-1 as a document; none are no document.
void copy(const Document& document, std::size_t first, std::size_t last, ShardWriter& writer) {
  std::vector<std::int32_t> ids;
  for (std::size_t i = first; i < last; ++i) {
    ids.clear();
    document.append(i, i + 1, ids);
    writer.add_sentence(ids);
  }
  writer.end_document();
}

/// Copies what is to lie in `split`, where `unit` changes its own.
void copy_split(const Corpus& corpus, const Unit& unit, Split split, ShardWriter& writer) {
  for (std::uint64_t i = 0; i < corpus.num_documents(unit.split); ++i) {
    const Document document = corpus.document(unit.split, i);
    if (i != unit.document) {
      if (split == unit.split) copy(document, 0, document.num_sentences(), writer);
    } else if (split == unit.split) {
      copy(document, 0, unit.first_sentence, writer);
      copy(document, unit.last_sentence, document.num_sentences(), writer);
    } else {
      copy(document, unit.first_sentence, unit.last_sentence, writer);
    }
  }
}

}  // namespace

SplitWriter::SplitWriter(const fs::path& folder, std::int32_t vocabulary_size, double held_out, HeldOutBy by)
    : held_out_(held_out),
      by_(by),
      sides_{Side{.writer = ShardWriter(folder, Split::kTrain, vocabulary_size)},
             Side{.writer = ShardWriter(folder, Split::kHeldOut, vocabulary_size)}} {}

void SplitWriter::Side::note(std::uint64_t hash, const Unit& unit) {
  if (num_units == 0 || hash < smallest_hash) {
    smallest_hash = hash;
    smallest = unit;
  }
  if (num_units == 0 || hash > largest_hash) {
    largest_hash = hash;
    largest = unit;
  }
  ++num_units;
}

void SplitWriter::add(const EncodedBlock& block) {
  if (block.first || by_ == HeldOutBy::kSections) begin_unit(block.hash.high);
  ShardWriter& writer = side(split_).writer;
  for (std::size_t i = 0; i < block.num_sentences(); ++i) writer.add_sentence(block.sentence(i));
  run_sentences_ += block.num_sentences();
  num_sentences_ += block.num_sentences();
  if (block.last || by_ == HeldOutBy::kSections) end_unit();
  if (block.last) end_document();
}

void SplitWriter::begin_unit(std::uint64_t hash) {
  const Split split = static_cast<double>(hash) * 0x1p-64 < held_out_ ? Split::kHeldOut : Split::kTrain;
  if (split != split_) end_run();
  split_ = split;
  hash_ = hash;
  unit_begin_ = run_sentences_;
}

void SplitWriter::end_unit() {
  if (run_sentences_ == unit_begin_) return;
  Side& current = side(split_);
  current.note(hash_, {split_, current.writer.counts().documents, unit_begin_, run_sentences_});
}

void SplitWriter::end_run() {
  side(split_).writer.end_document();
  run_sentences_ = 0;
}

void SplitWriter::end_document() {
  end_run();
  if (num_sentences_ == 0) ++num_empty_documents_;
  num_sentences_ = 0;
}

std::vector<ShardRecord> SplitWriter::finish() {
  std::vector<ShardRecord> shards;
  for (Side& each : sides_) {
    for (ShardRecord& shard : each.writer.finish()) shards.push_back(std::move(shard));
  }
  return shards;
}

std::optional<Unit> SplitWriter::misplaced() const {
  const Side& train = side(Split::kTrain);
  const Side& held_out = side(Split::kHeldOut);
  if (train.num_units == 0 && held_out.num_units > 0) return held_out.largest;
  if (held_out_ > 0 && held_out.num_units == 0 && train.num_units > 1) return train.smallest;
  return std::nullopt;
}

std::vector<ShardRecord> move_unit(const fs::path& folder, const Unit& unit) {
  const fs::path scratch = folder / "moved";
  std::vector<ShardRecord> shards;
  {
    const auto corpus = Corpus::open(folder);
    const std::int32_t vocabulary_size = corpus->manifest().vocabulary_size;
    make_folder(scratch);
    for (const Split split : {Split::kTrain, Split::kHeldOut}) {
      ShardWriter writer(scratch, split, vocabulary_size);
      copy_split(*corpus, unit, split, writer);
      for (ShardRecord& shard : writer.finish()) shards.push_back(std::move(shard));
    }
    for (const ShardRecord& shard : corpus->manifest().shards) fs::remove(folder / shard.file.name);
  }
  for (const ShardRecord& shard : shards) rename_file(scratch / shard.file.name, folder / shard.file.name);
  fs::remove(scratch);
  return shards;
}

}  // namespace albert::corpus
