#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "base/checksum.h"
#include "base/little_endian.h"
#include "base/protobuf.h"
#include "checkpoint/overwrite.h"

/// Writes checkpoints as TensorFlow does, and such as it never would.
namespace albert::checkpoint::testing {

inline std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  return bytes + static_cast<char>(value);
}

using KeyValues = std::vector<std::pair<std::string, std::string>>;

/// The content of a block: every `interval`th key is whole.
inline std::string block_of(const KeyValues& entries, std::size_t interval = 16) {
  std::string block;
  std::string restarts;
  std::string last;
  std::uint32_t num_restarts = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& [key, value] = entries[i];
    std::size_t shared = 0;
    if (i % interval == 0) {
      append_little_endian(restarts, static_cast<std::uint32_t>(block.size()));
      ++num_restarts;
    } else {
      const auto [end, ignored] = std::mismatch(key.begin(), key.end(), last.begin(), last.end());
      shared = static_cast<std::size_t>(end - key.begin());
    }
    block += varint(shared) + varint(key.size() - shared) + varint(value.size()) + key.substr(shared) + value;
    last = key;
  }
  if (entries.empty()) append_little_endian(restarts, num_restarts++);
  block += restarts;
  append_little_endian(block, num_restarts);
  return block;
}

/// A table under construction, block after block.
class TableWriter {
 public:
  /// Adds a block with what follows it.
  /// \returns its handle
  std::string add(const std::string& content, char type = 0) {
    std::string handle = varint(table_.size()) + varint(content.size());
    const std::string checked = content + type;
    table_ += checked;
    append_little_endian(table_, masked_crc32c(checked));
    return handle;
  }

  /// Adds a block of the list of blocks.
  void add_listed(const KeyValues& entries, char type = 0) {
    blocks_.emplace_back(entries.back().first, add(block_of(entries), type));
  }

  /// Lists any handle.
  void list(const std::string& key, const std::string& handle) { blocks_.emplace_back(key, handle); }

  std::string finish() {
    const std::string metadata = add(block_of({}));
    const std::string index = add(block_of(blocks_, 1));
    return finish(metadata, index);
  }

  std::string finish(const std::string& metadata, const std::string& index) {
    std::string footer = metadata + index;
    footer.resize(40, '\0');
    append_little_endian(footer, std::uint64_t{0xdb4775248b80fb57});
    return table_ + footer;
  }

 private:
  std::string table_;
  KeyValues blocks_;
};

inline std::string table_of(const KeyValues& entries, std::size_t per_block = 1000) {
  TableWriter table;
  for (std::size_t i = 0; i < entries.size(); i += per_block) {
    const auto begin = entries.begin() + static_cast<std::ptrdiff_t>(i);
    table.add_listed({begin, begin + static_cast<std::ptrdiff_t>(std::min(per_block, entries.size() - i))});
  }
  return table.finish();
}

inline std::string header_of(std::uint64_t num_shards, std::uint64_t endianness = 0, std::uint64_t min_consumer = 0) {
  ProtobufWriter version;
  version.add_integer(1, 1);
  version.add_integer(2, min_consumer);
  ProtobufWriter header;
  header.add_integer(1, num_shards);
  header.add_integer(2, endianness);
  header.add_message(3, version);
  return header.bytes();
}

/// A tensor as an index describes it.
struct Described {
  std::string name;
  std::uint64_t type = 1;  // DT_FLOAT
  std::vector<std::int64_t> shape = {};
  std::uint64_t shard = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint32_t checksum = 0;
  bool is_of_unknown_rank = false;
  bool is_partitioned = false;

  std::string message() const {
    ProtobufWriter dimensions;
    for (const std::int64_t extent : shape) {
      ProtobufWriter dimension;
      dimension.add_integer(1, extent);
      dimensions.add_message(2, dimension);
    }
    if (is_of_unknown_rank) dimensions.add_integer(3, 1);
    ProtobufWriter entry;
    entry.add_integer(1, type);
    entry.add_message(2, dimensions);
    entry.add_integer(3, shard);
    entry.add_integer(4, offset);
    entry.add_integer(5, size);
    std::string fixed(1, static_cast<char>(6 << 3 | 5));  // field 6, four bytes
    append_little_endian(fixed, checksum);
    entry.add_raw(fixed);
    if (is_partitioned) entry.add_message(7, ProtobufWriter());
    return entry.bytes();
  }
};

/// A checkpoint of one data file, or of as many as are asked for.
class CheckpointWriter {
 public:
  explicit CheckpointWriter(std::size_t num_shards = 1) : header(header_of(num_shards)), data_(num_shards) {}

  /// A tensor of floats behind those that are there. What is to be wrong with it can be changed in the result.
  Described& add(const std::string& name, std::vector<std::int64_t> shape, const std::vector<float>& values,
                 std::size_t shard = 0) {
    std::string bytes;
    for (const float value : values) append_little_endian(bytes, std::bit_cast<std::uint32_t>(value));
    return add_bytes({.name = name, .type = 1, .shape = std::move(shape), .shard = shard}, bytes);
  }

  Described& add_bytes(Described tensor, const std::string& bytes) {
    tensor.offset = data_[tensor.shard].size();
    tensor.size = bytes.size();
    tensor.checksum = masked_crc32c(bytes);
    data_[tensor.shard] += bytes;
    tensors_.push_back(std::move(tensor));
    return tensors_.back();
  }

  /// The entries of the index, in order.
  KeyValues entries() const {
    KeyValues entries = {{"", header}};
    for (const Described& tensor : tensors_) entries.emplace_back(tensor.name, tensor.message());
    std::ranges::sort(entries);
    return entries;
  }

  /// Writes PREFIX.index and its data.
  void write(const std::filesystem::path& prefix) const {
    overwrite(prefix.string() + ".index", table_of(entries(), per_block));
    for (std::size_t i = 0; i < data_.size(); ++i) {
      overwrite(fmt::format("{}.data-{:05}-of-{:05}", prefix.string(), i, data_.size()), data_[i]);
    }
  }

  std::string header;
  std::size_t per_block = 1000;

 private:
  std::vector<std::string> data_;
  std::deque<Described> tensors_;  ///< to which references last
};

}  // namespace albert::checkpoint::testing
