#include "checkpoint/string_table.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "base/checksum.h"
#include "base/error.h"
#include "base/little_endian.h"
#include "base/shown.h"

namespace albert::checkpoint {

namespace {

constexpr std::uint64_t kMagic = 0xdb4775248b80fb57;
constexpr std::size_t kMagicBytes = 8;
/// Two handles, padded, and the magic.
constexpr std::size_t kFooterBytes = 48;
/// Behind every block: how it is compressed, and the checksum of it with that byte.
constexpr std::size_t kTypeBytes = 1;
constexpr std::size_t kTrailerBytes = kTypeBytes + 4;
constexpr char kPlain = 0;
constexpr char kSnappy = 1;
constexpr std::size_t kRestartBytes = 4;
/// A key leaves out what it has in common with the one before it. A table may hold so many times its size of keys.
constexpr std::uint64_t kMostKeyExpansion = 32;
constexpr std::size_t kMaxEntries = 1'000'000;

/// Where a block lies in the table.
struct Handle {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  std::uint64_t end() const { return offset + size + kTrailerBytes; }
};

/// Reads what lies in a part of the table, from its beginning to its end.
class Cursor {
 public:
  /// \param what it is, for messages
  /// \param place of its first byte in the table
  Cursor(std::string_view bytes, std::string_view what, std::uint64_t place)
      : bytes_(bytes), what_(what), place_(place) {}

  bool is_at_end() const { return position_ == bytes_.size(); }
  std::size_t position() const { return position_; }

  std::string_view take(std::uint64_t size) {
    if (size > bytes_.size() - position_) {
      throw ModelError("{} at {}: expected {} bytes from byte {} on, found {}; the file is damaged", what_, place_,
                       size, position_, bytes_.size() - position_);
    }
    const std::string_view taken = bytes_.substr(position_, size);
    position_ += size;
    return taken;
  }

  /// A number of up to 64 bits, seven in each byte, the lowest first.
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      if (shift == 63 && byte > 1) break;
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    throw ModelError("{} at {}: a number of more than 64 bits; the file is damaged", what_, place_);
  }

  Handle handle() {
    Handle handle;
    handle.offset = varint();
    handle.size = varint();
    return handle;
  }

 private:
  std::string_view bytes_;
  std::string_view what_;
  std::uint64_t place_;
  std::size_t position_ = 0;
};

/// The entries of one block, one after the other.
class BlockEntries {
 public:
  /// \param block its content, without what follows it
  /// \param place of the block in the table, for messages
  BlockEntries(std::string_view block, std::uint64_t place)
      : restarts_(restarts_of(block, place)),
        entries_(block.substr(0, block.size() - kRestartBytes - restarts_.size())),
        cursor_(entries_, "the block", place),
        place_(place) {}

  /// Goes to the next entry; false at the end.
  /// Throws ModelError for an entry that is damaged, or makes keys of more than `max_bytes` bytes.
  bool next(std::uint64_t max_bytes) {
    if (cursor_.is_at_end()) {
      check_restarts();
      return false;
    }
    const bool is_restart = take_restart(cursor_.position());
    const std::uint64_t shared = cursor_.varint();
    const std::uint64_t own = cursor_.varint();
    const std::uint64_t size = cursor_.varint();
    if (shared > key_.size() || (is_restart && shared != 0)) {
      throw ModelError("the block at {}: an entry repeats {} bytes of a key that has {}; the file is damaged", place_,
                       shared, is_restart ? 0 : key_.size());
    }
    const std::string_view end = cursor_.take(own);
    if (shared + own > max_bytes) {
      throw ModelError("its keys are more than {} times as long as the file; it is damaged", kMostKeyExpansion);
    }
    key_.resize(shared);
    key_ += end;
    value_ = cursor_.take(size);
    return true;
  }

  const std::string& key() const { return key_; }
  std::string_view value() const { return value_; }

 private:
  /// The list at the end of a block: where entries begin that repeat nothing of the key before. The last number is how
  /// many there are.
  static std::string_view restarts_of(std::string_view block, std::uint64_t place) {
    if (block.size() < kRestartBytes) {
      throw ModelError("the block at {}: expected {} bytes or more, found {}", place, kRestartBytes, block.size());
    }
    const std::size_t room = block.size() - kRestartBytes;
    const std::uint64_t count = little_endian(block.substr(room));
    if (count == 0 || count > room / kRestartBytes) {
      throw ModelError("the block at {}: expected 1 to {} places of whole keys, found {}; the file is damaged", place,
                       room / kRestartBytes, count);
    }
    return block.substr(room - count * kRestartBytes, count * kRestartBytes);
  }

  std::uint64_t restart() const { return little_endian(restarts_.substr(next_restart_, kRestartBytes)); }

  bool take_restart(std::size_t position) {
    if (next_restart_ == restarts_.size() || restart() != position) return false;
    next_restart_ += kRestartBytes;
    return true;
  }

  void check_restarts() const {
    if (next_restart_ == restarts_.size()) return;
    const bool is_of_empty_block = entries_.empty() && restarts_.size() == kRestartBytes && restart() == 0;
    if (is_of_empty_block) return;
    throw ModelError("the block at {}: expected an entry with a whole key at {}, found none; the file is damaged",
                     place_, restart());
  }

  std::string_view restarts_;
  std::string_view entries_;
  Cursor cursor_;
  std::uint64_t place_;
  std::size_t next_restart_ = 0;
  std::string key_;
  std::string_view value_;
};

/// Reads one table.
class Reader {
 public:
  explicit Reader(std::string_view table) : table_(table) {}

  std::vector<TableEntry> read() {
    if (!is_string_table(table_)) fail_without_footer();
    const std::uint64_t footer = table_.size() - kFooterBytes;
    Cursor cursor(table_.substr(footer, kFooterBytes - kMagicBytes), "the end of the index", footer);
    const Handle metadata = cursor.handle();
    const Handle index = cursor.handle();
    const std::string_view index_block = block_at(index, "the list of blocks", 0, footer);
    block_at(metadata, "the block of metadata", 0, index.offset);  // of filters, which TensorFlow does not write
    BlockEntries blocks(index_block, index.offset);
    std::uint64_t position = 0;
    while (blocks.next(room_for_keys())) {
      key_bytes_ += blocks.key().size();
      Cursor value(blocks.value(), "an entry of the list of blocks", index.offset);
      const Handle block = value.handle();
      add_entries(block_at(block, "a block", position, metadata.offset), block.offset);
      check_last_key(blocks.key(), block.offset);
      position = block.end();
    }
    return std::move(entries_);
  }

 private:
  [[noreturn]] void fail_without_footer() const {
    throw ModelError(
        "expected the index of a TensorFlow checkpoint, which ends with the number {:x}, found a file of {} bytes "
        "without it; it is cut off or of another kind",
        kMagic, table_.size());
  }

  /// The content of a block that lies from `begin` to `end`.
  std::string_view block_at(const Handle& handle, std::string_view what, std::uint64_t begin, std::uint64_t end) const {
    const bool is_inside = handle.offset >= begin && handle.offset <= end && handle.size <= end - handle.offset &&
                           end - handle.offset - handle.size >= kTrailerBytes;
    if (!is_inside) {
      throw ModelError("expected {} between the bytes {} and {}, found {} bytes at {}; the file is damaged", what,
                       begin, end, handle.size, handle.offset);
    }
    const std::string_view checked = table_.substr(handle.offset, handle.size + kTypeBytes);
    if (little_endian(table_.substr(handle.offset + checked.size(), 4)) != masked_crc32c(checked)) {
      throw ModelError("the checksum of the block at {} is wrong: the file is damaged", handle.offset);
    }
    if (checked.back() == kSnappy) {
      throw ModelError(
          "the block at {} is compressed with Snappy, which is not read; restore the checkpoint in TensorFlow and save "
          "it anew: tf.compat.v1.train.Saver writes the index uncompressed",
          handle.offset);
    }
    if (checked.back() != kPlain) {
      throw ModelError("the block at {}: expected an uncompressed block (type 0), found type {}", handle.offset,
                       static_cast<unsigned char>(checked.back()));
    }
    return checked.substr(0, handle.size);
  }

  std::uint64_t room_for_keys() const { return kMostKeyExpansion * table_.size() - key_bytes_; }

  void add_entries(std::string_view block, std::uint64_t place) {
    BlockEntries entries(block, place);
    while (entries.next(room_for_keys())) {
      if (!entries_.empty() && entries.key() <= entries_.back().key) {
        throw ModelError("the block at {}: expected keys that rise, found {} behind {}; the file is damaged", place,
                         in_quotes(entries.key()), in_quotes(entries_.back().key));
      }
      if (entries_.size() == kMaxEntries) throw ModelError("it holds more than {} entries", kMaxEntries);
      key_bytes_ += entries.key().size();
      entries_.push_back({entries.key(), entries.value()});
    }
  }

  /// The list of blocks holds for each a key that is no less than its last one, and less than all that follow.
  void check_last_key(const std::string& limit, std::uint64_t place) {
    const bool is_in_order = entries_.empty() || entries_.back().key <= limit;
    const bool is_behind = !last_limit_ || *last_limit_ < limit;
    const bool is_above = !last_limit_ || entries_.size() == num_before_ || *last_limit_ < entries_[num_before_].key;
    if (!is_in_order || !is_behind || !is_above) {
      throw ModelError("the block at {}: its keys are not those that the list of blocks says; the file is damaged",
                       place);
    }
    last_limit_ = limit;
    num_before_ = entries_.size();
  }

  std::string_view table_;
  std::vector<TableEntry> entries_;
  std::uint64_t key_bytes_ = 0;
  std::optional<std::string> last_limit_;  ///< of the block before
  std::size_t num_before_ = 0;             ///< entries up to that block's end
};

}  // namespace

std::vector<TableEntry> read_string_table(std::string_view table) {
  return Reader(table).read();
}

bool is_string_table(std::string_view bytes) {
  return bytes.size() >= kFooterBytes && little_endian(bytes.substr(bytes.size() - kMagicBytes)) == kMagic;
}

}  // namespace albert::checkpoint
