// An input is a whole checkpoint: its files of data and then its index, with kSeparator between them (make_seeds.py). Nearly every change
// breaks a checksum, and nothing behind it would ever be read. So what is changed is sealed again, and how depends on the input alone: left
// as it is, blocks with new checksums, or the entries that can still be made out in a new table with new checksums of blocks and tensors. In
// such a table one tensor may be a strange one, and a byte may be changed once more.

#include "checkpoint/tensorflow_checkpoint.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/checksum.h"
#include "base/error.h"
#include "base/little_endian.h"
#include "base/protobuf.h"
#include "checkpoint/tensorflow_writer.h"
#include "fuzz.h"
#include "input_file.h"

namespace albert::fuzz {

namespace {

using checkpoint::testing::KeyValues;

constexpr std::size_t kFooterBytes = 48;
constexpr std::size_t kTrailerBytes = 5;
constexpr std::size_t kMaxShards = 8;

/// A number as a table has it, of which the first byte is taken off at the least.
std::uint64_t take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; !bytes.empty() && shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes[0]);
    bytes.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) break;
  }
  return value;
}

/// The entries of a block up to the first that cannot be one.
KeyValues entries_of(std::string_view block) {
  KeyValues entries;
  if (block.size() < 4) return entries;
  const std::uint64_t restarts = 4 * (little_endian(block.substr(block.size() - 4)) + 1);
  if (restarts > block.size()) return entries;
  block.remove_suffix(restarts);
  std::string key;
  while (!block.empty()) {
    const std::uint64_t shared = take_varint(block);
    const std::uint64_t own = take_varint(block);
    const std::uint64_t size = take_varint(block);
    if (shared > key.size() || own > block.size() || size > block.size() - own) break;
    key.resize(shared);
    key += block.substr(0, own);
    entries.emplace_back(key, block.substr(own, size));
    block.remove_prefix(own + size);
  }
  return entries;
}

/// Two handles are at the end of a table, one in each value of the list of blocks.
struct Handle {
  explicit Handle(std::string_view& bytes) : offset(take_varint(bytes)), size(take_varint(bytes)) {}

  bool is_in(std::string_view table) const {
    return table.size() >= kTrailerBytes && size <= table.size() - kTrailerBytes &&
           offset <= table.size() - kTrailerBytes - size;
  }

  std::uint64_t offset;
  std::uint64_t size;
};

void seal(std::string& table, const Handle& block) {
  if (!block.is_in(table)) return;
  const std::uint32_t checksum = masked_crc32c(std::string_view(table).substr(block.offset, block.size + 1));
  std::memcpy(table.data() + block.offset + block.size + 1, &checksum, sizeof checksum);
}

/// Gives new checksums to the blocks that can be found.
void seal_blocks(std::string& table) {
  if (table.size() < kFooterBytes) return;
  const std::string footer = table.substr(table.size() - kFooterBytes);
  std::string_view handles = footer;
  const Handle metadata(handles);
  const Handle index(handles);
  if (index.is_in(table)) {
    for (const auto& [key, value] : entries_of(table.substr(index.offset, index.size))) {
      std::string_view handle = value;
      seal(table, Handle(handle));
    }
  }
  seal(table, metadata);
  seal(table, index);
}

/// The entries of a table of one block, which may have become longer or shorter than the table says.
KeyValues entries_of_table(std::string_view table) {
  if (table.size() < kFooterBytes) return {};
  std::string_view handles = table.substr(table.size() - kFooterBytes);
  const Handle metadata(handles);
  const Handle index(handles);
  const std::size_t behind = kFooterBytes + index.size + metadata.size + 3 * kTrailerBytes;
  if (index.size > table.size() || metadata.size > table.size() || behind > table.size()) return {};
  return entries_of(table.substr(0, table.size() - behind));
}

/// Gives a new checksum to a tensor whose bytes are there.
void seal_tensor(std::string& entry, const std::vector<std::string>& files) {
  std::uint64_t shard = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  const char* checksum = nullptr;
  try {
    for (ProtobufReader reader(entry); reader.next();) {
      if (reader.field() == 3) shard = reader.varint();
      if (reader.field() == 4) offset = reader.varint();
      if (reader.field() == 5) size = reader.varint();
      if (reader.field() == 6 && reader.raw().size() == 5) checksum = reader.raw().data() + 1;
    }
  } catch (const ModelError&) {
    return;
  }
  if (!checksum || shard >= files.size() - 1 || size > files[shard].size() || offset > files[shard].size() - size)
    return;
  const std::uint32_t right = masked_crc32c(std::string_view(files[shard]).substr(offset, size));
  std::memcpy(entry.data() + (checksum - entry.data()), &right, sizeof right);
}

/// A tensor of a shape that no model has, at the beginning of the first file: kernels without rows, projections to nothing.
std::string strange_entry(std::mt19937& random) {
  constexpr std::array<std::int64_t, 8> kExtents = {0, 0, 1, 2, 8, 16, std::int64_t{1} << 31, std::int64_t{1} << 60};
  checkpoint::testing::Described tensor;
  std::uint64_t size = 4;
  bool is_too_large = false;
  for (std::size_t i = random() % 4; i > 0; --i) {
    tensor.shape.push_back(kExtents[random() % kExtents.size()]);
    is_too_large |= __builtin_mul_overflow(size, static_cast<std::uint64_t>(tensor.shape.back()), &size);
  }
  tensor.size = is_too_large ? 0 : size;
  return tensor.message();
}

std::string table_anew(const std::vector<std::string>& files, std::mt19937& random) {
  KeyValues entries = entries_of_table(files.back());
  if (entries.empty()) return files.back();
  if (random() % 8 == 0) entries[random() % entries.size()].second = strange_entry(random);
  for (auto& [key, value] : entries) {
    if (!key.empty() && random() % 64 != 0) seal_tensor(value, files);
  }
  if (random() % 8 != 0) std::ranges::stable_sort(entries);
  const std::size_t per_block = 1 + random() % 40;
  std::string table = checkpoint::testing::table_of(entries, per_block);
  if (random() % 4 != 0) return table;
  table[random() % table.size()] = static_cast<char>(random());
  seal_blocks(table);
  return table;
}

}  // namespace

void read(std::string_view input) {
  std::mt19937 random(crc32c(input));
  std::vector<std::string> files;
  for (const std::string_view part : parts_of(input)) files.emplace_back(part);
  const std::size_t way = random() % 4;
  if (way == 1) seal_blocks(files.back());
  if (way > 1) files.back() = table_anew(files, random);
  std::map<std::string, std::string_view> contents = {{"model.index", files.back()}};
  for (std::size_t i = 0; i + 1 < files.size() && i < kMaxShards; ++i) {
    contents[fmt::format("model.data-{:05}-of-{:05}", i, files.size() - 1)] = files[i];
  }
  static std::map<std::string, InputFile> written;
  for (auto& [name, file] : written) {
    if (!contents.contains(name)) file.remove();
  }
  for (const auto& [name, content] : contents) written.try_emplace(name, name).first->second.write(content);
  touch(checkpoint::TensorFlowCheckpoint("model").tensors());
}

}  // namespace albert::fuzz
