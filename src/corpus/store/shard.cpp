#include "corpus/store/shard.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"

namespace albert::corpus {

namespace {

/// Maps the file if it has the size that the manifest gives, so that every later access is inside it.
MappedFile map_shard(const fs::path& folder, const FileRecord& record) {
  const fs::path path = folder / record.name;
  if (!fs::is_regular_file(path)) {
    throw DataError("{}: missing; the manifest names a shard of {} bytes; build the corpus again", path.string(),
                    record.size_bytes);
  }
  MappedFile file(path);
  if (file.bytes().size() != record.size_bytes || record.size_bytes < sizeof(ShardHeader) + sizeof(ShardFooter)) {
    throw DataError("{}: expected {} bytes, found {}; build the corpus again", path.string(), record.size_bytes,
                    file.bytes().size());
  }
  return file;
}

void check_header(const ShardHeader& header, std::int32_t vocabulary_size, const fs::path& path) {
  if (std::string_view(header.magic, sizeof header.magic) != ShardHeader::kMagic) {
    throw DataError("{}: offset 0: not a shard: expected the magic {}", path.string(), ShardHeader::kMagic);
  }
  if (header.version != ShardHeader::kVersion) {
    throw DataError("{}: offset 8: expected shard version {}, found {}; build the corpus again with this program",
                    path.string(), ShardHeader::kVersion, header.version);
  }
  if (header.vocabulary_size != static_cast<std::uint32_t>(vocabulary_size) ||
      header.token_bytes != token_bytes_of(vocabulary_size)) {
    throw DataError("{}: offset 12: expected tokens of {} bytes from a vocabulary of {}, found {} and {}",
                    path.string(), token_bytes_of(vocabulary_size), vocabulary_size, header.token_bytes,
                    header.vocabulary_size);
  }
}

void check_footer(const ShardFooter& footer, const Counts& expected, const fs::path& path) {
  if (std::string_view(footer.magic, sizeof footer.magic) != ShardFooter::kMagic) {
    throw DataError("{}: no footer at the end of the file; build the corpus again", path.string());
  }
  const Counts found{.documents = footer.num_documents, .sentences = footer.num_sentences, .tokens = footer.num_tokens};
  if (found != expected) {
    throw DataError("{}: expected {} documents, {} sentences, {} tokens, found {}, {}, {}", path.string(),
                    expected.documents, expected.sentences, expected.tokens, found.documents, found.sentences,
                    found.tokens);
  }
}

std::uint64_t padded_to_8(std::uint64_t size) {
  return (size + 7) / 8 * 8;
}

std::uint64_t index_of(std::span<const std::uint64_t> ends, std::uint64_t value) {
  return static_cast<std::uint64_t>(std::upper_bound(ends.begin(), ends.end(), value) - ends.begin());
}

}  // namespace

Shard::Shard(const fs::path& folder, const ShardRecord& record, std::int32_t vocabulary_size)
    : file_(map_shard(folder, record.file)),
      checksum_(record.file.checksum),
      counts_(record.counts),
      token_bytes_(token_bytes_of(vocabulary_size)),
      vocabulary_size_(vocabulary_size) {
  const std::span<const std::byte> bytes = file_.bytes();
  ShardHeader header;
  std::memcpy(&header, bytes.data(), sizeof header);
  check_header(header, vocabulary_size, path());
  ShardFooter footer;
  std::memcpy(&footer, bytes.data() + bytes.size() - sizeof footer, sizeof footer);
  check_footer(footer, counts_, path());

  // No count can exceed the size of the file, so the sum below cannot overflow.
  const std::uint64_t size = bytes.size();
  const bool plausible = counts_.tokens <= size && counts_.sentences <= size && counts_.documents <= size;
  const std::uint64_t token_size = padded_to_8(plausible ? counts_.tokens * token_bytes_ : 0);
  const std::uint64_t expected =
      sizeof header + token_size + 8 * (counts_.sentences + counts_.documents) + sizeof footer;
  if (!plausible || expected != size) {
    throw DataError("{}: the counts of {} documents, {} sentences, {} tokens do not fit a file of {} bytes",
                    path().string(), counts_.documents, counts_.sentences, counts_.tokens, size);
  }
  tokens_ = bytes.data() + sizeof header;
  const auto* ends = reinterpret_cast<const std::uint64_t*>(tokens_ + token_size);
  sentence_ends_ = {ends, counts_.sentences};
  document_ends_ = {ends + counts_.sentences, counts_.documents};
}

Range Shard::range_in(std::span<const std::uint64_t> ends, std::uint64_t index, std::uint64_t limit,
                      std::string_view what) const {
  if (index >= ends.size())
    throw DataError("{}: {} {} is asked for, but there are {}", path().string(), what, index, ends.size());
  const Range range{index == 0 ? 0 : ends[index - 1], ends[index]};
  if (range.begin >= range.end || range.end > limit) {
    throw DataError(
        "{}: {} {}: expected offsets ascending up to {}, found {} to {}; `albert corpus verify` names what is damaged",
        path().string(), what, index, limit, range.begin, range.end);
  }
  return range;
}

Range Shard::sentences_of(std::uint64_t document) const {
  return range_in(document_ends_, document, counts_.sentences, "document");
}

Range Shard::tokens_of(std::uint64_t sentence) const {
  return range_in(sentence_ends_, sentence, counts_.tokens, "sentence");
}

Range Shard::document_tokens(std::uint64_t document) const {
  const Range sentences = sentences_of(document);
  const Range tokens{tokens_of(sentences.begin).begin, tokens_of(sentences.end - 1).end};
  if (tokens.begin >= tokens.end)
    throw DataError("{}: document {}: its sentences are out of order", path().string(), document);
  return tokens;
}

std::uint64_t Shard::sentence_at(std::uint64_t token) const {
  return index_of(sentence_ends_, token);
}

std::uint64_t Shard::document_at(std::uint64_t token) const {
  return index_of(document_ends_, sentence_at(token));
}

template <typename Token>
void Shard::append_as(Range tokens, std::vector<std::int32_t>& ids) const {
  const std::span stored(reinterpret_cast<const Token*>(tokens_) + tokens.begin, tokens.size());
  const std::size_t old_size = ids.size();
  ids.resize(old_size + stored.size());
  Token largest = 0;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    largest = std::max(largest, stored[i]);
    ids[old_size + i] = static_cast<std::int32_t>(stored[i]);
  }
  if (largest >= static_cast<std::uint32_t>(vocabulary_size_)) {
    throw DataError(
        "{}: tokens {} to {}: the id {} is outside the vocabulary of {}; `albert corpus verify` names what is damaged",
        path().string(), tokens.begin, tokens.end, largest, vocabulary_size_);
  }
}

void Shard::append(Range tokens, std::vector<std::int32_t>& ids) const {
  if (tokens.begin > tokens.end || tokens.end > counts_.tokens) {
    throw DataError("{}: tokens {} to {} of {}", path().string(), tokens.begin, tokens.end, counts_.tokens);
  }
  if (token_bytes_ == 2) {
    append_as<std::uint16_t>(tokens, ids);
  } else {
    append_as<std::uint32_t>(tokens, ids);
  }
}

}  // namespace albert::corpus
