#include "corpus/encoding/spool.h"

#include <algorithm>
#include <string>

#include "base/checksum.h"
#include "base/error.h"
#include "base/hash.h"
#include "corpus/store/shard.h"

namespace albert::corpus {

namespace fs = std::filesystem;

namespace {

/// What stands before the arrays of a block: ids, sentence ends, paragraphs, unknown characters.
struct BlockHeader {
  static constexpr std::uint32_t kFirst = 1;
  static constexpr std::uint32_t kLast = 2;

  std::uint64_t hash;
  std::uint32_t flags;
  std::uint32_t num_ids;
  std::uint32_t num_sentences;
  std::uint32_t num_paragraphs;
  std::uint32_t num_unknown_characters;
  std::uint32_t reserved;
};

template <typename Element>
std::string_view bytes_of_all(const std::vector<Element>& elements) {
  return {reinterpret_cast<const char*>(elements.data()), elements.size() * sizeof(Element)};
}

template <typename Element>
void read_all(ByteReader& file, std::size_t count, std::vector<Element>& elements) {
  elements.resize(count);
  file.read(reinterpret_cast<char*>(elements.data()), count * sizeof(Element));
}

/// The paragraphs of a block as one.
EncodedParagraph sum_of(const std::vector<EncodedParagraph>& paragraphs) {
  EncodedParagraph sum;
  for (const EncodedParagraph& each : paragraphs) {
    sum.num_sentences += each.num_sentences;
    sum.num_unknown += each.num_unknown;
  }
  return sum;
}

}  // namespace

SpoolWriter::SpoolWriter(const fs::path& folder, const SpoolContent& content, std::int32_t vocabulary_size)
    : token_bytes_(token_bytes_of(vocabulary_size)), blocks_(folder, std::string(kBlocksFile)) {
  if (content.documents) documents_.emplace(folder, std::string(kDocumentsFile));
  if (content.signatures) signatures_.emplace(folder, std::string(kSignaturesFile));
  if (content.lines) lines_.emplace(folder, std::string(kLinesFile));
}

void SpoolWriter::add(const EncodedBlock& block) {
  write_block(block);
  if (lines_) write_lines(block);
  if (documents_) note(block);
  if (block.last) ++num_documents_;
}

std::vector<FileRecord> SpoolWriter::finish() {
  std::vector<FileRecord> files{blocks_.finish()};
  for (std::optional<CheckedWriter>* file : {&documents_, &signatures_, &lines_}) {
    if (*file) files.push_back((*file)->finish());
  }
  return files;
}

void SpoolWriter::write_block(const EncodedBlock& block) {
  std::vector<EncodedParagraph> paragraphs = block.paragraphs;
  std::vector<UnknownCharacter> unknown = block.unknown_characters;
  if (!lines_) {
    paragraphs = {sum_of(block.paragraphs)};
    for (UnknownCharacter& each : unknown) each.paragraph = 0;
  }
  const BlockHeader header{.hash = block.hash.high,
                           .flags = (block.first ? BlockHeader::kFirst : 0) | (block.last ? BlockHeader::kLast : 0),
                           .num_ids = static_cast<std::uint32_t>(block.ids.size()),
                           .num_sentences = static_cast<std::uint32_t>(block.ends.size()),
                           .num_paragraphs = static_cast<std::uint32_t>(paragraphs.size()),
                           .num_unknown_characters = static_cast<std::uint32_t>(unknown.size()),
                           .reserved = 0};
  blocks_.write(bytes_of(header));
  if (token_bytes_ == 2) {
    narrow_.assign(block.ids.begin(), block.ids.end());
    blocks_.write(bytes_of_all(narrow_));
  } else {
    blocks_.write(bytes_of_all(block.ids));
  }
  ends_.assign(block.ends.begin(), block.ends.end());
  blocks_.write(bytes_of_all(ends_));
  blocks_.write(bytes_of_all(paragraphs));
  blocks_.write(bytes_of_all(unknown));
}

void SpoolWriter::write_lines(const EncodedBlock& block) {
  hashes_.clear();
  for (const EncodedParagraph& paragraph : block.paragraphs) hashes_.push_back(paragraph.hash);
  std::ranges::sort(hashes_);
  hashes_.erase(std::unique(hashes_.begin(), hashes_.end()), hashes_.end());
  for (const std::uint64_t hash : hashes_)
    lines_->write(bytes_of(SpooledLine{.hash = hash, .document = num_documents_}));
}

/// Equal documents have equal blocks, since those depend on the document alone.
void SpoolWriter::note(const EncodedBlock& block) {
  if (block.first) {
    document_ = {.hash = {}, .begin = block.document_begin, .file = block.file};
    min_hash_ = {};
  }
  document_.hash = {.high = mixed(document_.hash.high ^ block.hash.high),
                    .low = mixed(document_.hash.low ^ block.hash.low)};
  if (block.min_hash) min_hash_.add(*block.min_hash);
  if (!block.last) return;
  document_.has_words = min_hash_.is_empty() ? 0 : 1;
  documents_->write(bytes_of(document_));
  if (signatures_) signatures_->write(bytes_of(document_.has_words != 0 ? min_hash_.signature() : Signature{}));
}

SpoolReader::SpoolReader(const fs::path& folder, std::int32_t vocabulary_size)
    : token_bytes_(token_bytes_of(vocabulary_size)), file_(folder / kBlocksFile) {}

std::optional<EncodedBlock> SpoolReader::next() {
  if (file_.at_end()) return std::nullopt;
  const auto header = file_.read_record<BlockHeader>();
  EncodedBlock block;
  block.hash.high = header.hash;  // which is all that a corpus needs of it
  block.first = (header.flags & BlockHeader::kFirst) != 0;
  block.last = (header.flags & BlockHeader::kLast) != 0;
  if (token_bytes_ == 2) {
    read_all(file_, header.num_ids, narrow_);
    block.ids.assign(narrow_.begin(), narrow_.end());
  } else {
    read_all(file_, header.num_ids, block.ids);
  }
  read_all(file_, header.num_sentences, ends_);
  block.ends.assign(ends_.begin(), ends_.end());
  read_all(file_, header.num_paragraphs, block.paragraphs);
  read_all(file_, header.num_unknown_characters, block.unknown_characters);
  return block;
}

std::uint64_t num_documents_of(const fs::path& spool) {
  return fs::file_size(spool / kDocumentsFile) / sizeof(SpooledDocument);
}

}  // namespace albert::corpus
