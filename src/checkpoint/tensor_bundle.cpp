#include "checkpoint/tensor_bundle.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "base/protobuf.h"
#include "base/shown.h"
#include "checkpoint/string_table.h"

namespace albert::checkpoint {

namespace {

/// The format that we read: BundleHeaderProto.version.min_consumer is at most this (kTensorBundleVersion).
constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kMaxShards = 100'000;
/// No variable of a model has so many; messages stay short.
constexpr std::size_t kMaxDimensions = 32;

struct Type {
  std::uint64_t number;
  std::string_view name;
  std::optional<DType> dtype = std::nullopt;
};

constexpr std::array<Type, 11> kTensorTypes = {{{1, "DT_FLOAT", DType::kFloat32},
                                                {2, "DT_DOUBLE", DType::kFloat64},
                                                {3, "DT_INT32", DType::kInt32},
                                                {4, "DT_UINT8", DType::kUInt8},
                                                {6, "DT_INT8", DType::kInt8},
                                                {7, "DT_STRING"},
                                                {9, "DT_INT64", DType::kInt64},
                                                {10, "DT_BOOL", DType::kBool},
                                                {14, "DT_BFLOAT16", DType::kBFloat16},
                                                {19, "DT_HALF", DType::kFloat16},
                                                {21, "DT_VARIANT"}}};

const Type* type_of(std::uint64_t number) {
  const auto* const found = std::ranges::find(kTensorTypes, number, &Type::number);
  return found == kTensorTypes.end() ? nullptr : found;
}

std::uint64_t min_consumer_of(std::string_view version) {
  std::uint64_t min_consumer = 0;
  for (ProtobufReader reader(version); reader.next();) {
    if (reader.field() == 2) min_consumer = reader.varint();
  }
  return min_consumer;
}

/// Reads a BundleHeaderProto, of which the number of data files is what we need.
std::uint64_t read_header(std::string_view message) {
  std::uint64_t num_shards = 0;
  std::uint64_t endianness = 0;
  std::uint64_t min_consumer = 0;
  for (ProtobufReader reader(message); reader.next();) {
    if (reader.field() == 1) num_shards = reader.varint();
    if (reader.field() == 2) endianness = reader.varint();
    if (reader.field() == 3) min_consumer = min_consumer_of(reader.bytes());
  }
  if (endianness != 0) throw ModelError("its numbers are big-endian; write it anew on another machine");
  if (min_consumer > kVersion) {
    throw ModelError(
        "expected a checkpoint of version {}, found one for readers of version {} on; write it anew with an "
        "older TensorFlow",
        kVersion, min_consumer);
  }
  if (num_shards == 0 || num_shards > kMaxShards) {
    throw ModelError("expected 1 to {} files of data, found {}; the index is damaged", kMaxShards, num_shards);
  }
  return num_shards;
}

/// Reads one BundleEntryProto.
class EntryReader {
 public:
  BundleEntry read(const TableEntry& stored, std::uint64_t num_shards) {
    entry_.name = stored.key;
    for (ProtobufReader reader(stored.value); reader.next();) read_field(reader);
    if (entry_.is_partitioned) return std::move(entry_);
    if (entry_.type == 0) throw ModelError("expected a type, found none; the index is damaged");
    if (entry_.shard >= num_shards) {
      throw ModelError("expected a data file of a number below {}, found {}", num_shards, entry_.shard);
    }
    std::uint64_t end = 0;
    if (__builtin_add_overflow(entry_.offset, entry_.size, &end) || end > std::uint64_t{INT64_MAX}) {
      throw ModelError("expected a place in a file, found {} bytes at {}", entry_.size, entry_.offset);
    }
    check_size();
    return std::move(entry_);
  }

 private:
  void read_field(const ProtobufReader& reader) {
    switch (reader.field()) {
      case 1:
        entry_.type = reader.varint();
        break;
      case 2:
        read_shape(reader.bytes());
        break;
      case 3:
        entry_.shard = reader.varint();
        break;
      case 4:
        entry_.offset = reader.varint();
        break;
      case 5:
        entry_.size = reader.varint();
        break;
      case 6:
        entry_.checksum = reader.fixed32();
        break;
      case 7:
        entry_.is_partitioned = true;
        break;
      default:
        break;
    }
  }

  /// A TensorShapeProto.
  void read_shape(std::string_view message) {
    for (ProtobufReader reader(message); reader.next();) {
      if (reader.field() == 3 && reader.varint() != 0) throw ModelError("expected a shape, found an unknown one");
      if (reader.field() != 2) continue;
      if (entry_.shape.size() == kMaxDimensions) throw ModelError("it has more than {} dimensions", kMaxDimensions);
      entry_.shape.push_back(extent_of(reader.bytes()));
    }
  }

  static std::int64_t extent_of(std::string_view dimension) {
    std::uint64_t extent = 0;
    for (ProtobufReader reader(dimension); reader.next();) {
      if (reader.field() == 1) extent = reader.varint();
    }
    const auto number = static_cast<std::int64_t>(extent);
    if (number < 0) throw ModelError("expected a shape of whole numbers from 0 on, found {}", number);
    return number;
  }

  void check_size() const {
    const auto dtype = entry_.dtype();
    if (!dtype) return;
    std::uint64_t size = size_bytes(*dtype);
    bool is_too_large = false;
    for (const std::int64_t extent : entry_.shape) {
      is_too_large |= __builtin_mul_overflow(size, static_cast<std::uint64_t>(extent), &size);
    }
    if (!is_too_large && size == entry_.size) return;
    const std::string shape = fmt::format("{} [{}]", entry_.type_name(), fmt::join(entry_.shape, ", "));
    if (is_too_large) throw ModelError("{} is no size", shape);
    throw ModelError("expected {} bytes for {}, found {}", size, shape, entry_.size);
  }

  BundleEntry entry_;
};

void check_overlap(const std::vector<BundleEntry>& entries) {
  std::vector<const BundleEntry*> ordered;
  for (const BundleEntry& entry : entries) {
    if (!entry.is_partitioned && entry.size != 0) ordered.push_back(&entry);
  }
  std::ranges::sort(ordered, {}, [](const BundleEntry* entry) { return std::tuple(entry->shard, entry->offset); });
  for (std::size_t i = 1; i < ordered.size(); ++i) {
    const BundleEntry& before = *ordered[i - 1];
    if (before.shard != ordered[i]->shard || before.end() <= ordered[i]->offset) continue;
    throw ModelError("the tensors {} and {} overlap in data file {}; the index is damaged", in_quotes(before.name),
                     in_quotes(ordered[i]->name), before.shard);
  }
}

}  // namespace

std::optional<DType> BundleEntry::dtype() const {
  const Type* const found = type_of(type);
  return found ? found->dtype : std::nullopt;
}

std::string BundleEntry::type_name() const {
  const Type* const found = type_of(type);
  return found ? std::string(found->name) : fmt::format("type {}", type);
}

TensorBundle read_tensor_bundle(std::string_view index) {
  const std::vector<TableEntry> stored = read_string_table(index);
  if (stored.empty() || !stored.front().key.empty()) {
    throw ModelError("expected a header under the empty name, found none; it is no index of a TensorFlow checkpoint");
  }
  TensorBundle bundle;
  for (const TableEntry& entry : stored) {
    try {
      if (entry.key.empty()) {
        bundle.num_shards = read_header(entry.value);
      } else {
        bundle.entries.push_back(EntryReader().read(entry, bundle.num_shards));
      }
    } catch (const ModelError& error) {
      if (entry.key.empty()) throw ModelError("its header: {}", error.what());
      throw ModelError("tensor {}: {}", in_quotes(entry.key), error.what());
    }
  }
  check_overlap(bundle.entries);
  return bundle;
}

}  // namespace albert::checkpoint
