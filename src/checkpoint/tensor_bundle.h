#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/safetensors.h"

namespace albert::checkpoint {

/// A tensor as the index of a TensorFlow checkpoint describes it (tensorflow/core/protobuf/tensor_bundle.proto,
/// BundleEntryProto).
struct BundleEntry {
  std::string name;
  std::uint64_t type = 0;  ///< the number of its DataType (tensorflow/core/framework/types.proto)
  std::vector<std::int64_t> shape;
  std::uint64_t shard = 0;      ///< the number of the data file
  std::uint64_t offset = 0;     ///< in that file, in bytes
  std::uint64_t size = 0;       ///< in bytes
  std::uint32_t checksum = 0;   ///< masked CRC-32C of these bytes
  bool is_partitioned = false;  ///< lies in several parts, and has no bytes of its own

  /// Of the elements, if it is one that we read.
  std::optional<DType> dtype() const;
  /// What TensorFlow calls it: "DT_FLOAT", "DT_STRING"; "type 77" if it is none that we know.
  std::string type_name() const;
  std::uint64_t end() const { return offset + size; }
};

/// The index of a TensorFlow checkpoint ("tensor bundle V2").
struct TensorBundle {
  std::uint64_t num_shards = 0;      ///< files of data, as the index says
  std::vector<BundleEntry> entries;  ///< in the order of their names
};

/// Reads an index, checking everything that it alone can tell: places and sizes are whole numbers from 0 on, shapes
/// have no unknown extent, no two tensors overlap, and the size of one is what its shape and its type say.
/// \param index the content of the file
/// Throws ModelError, without the name of the file.
TensorBundle read_tensor_bundle(std::string_view index);

}  // namespace albert::checkpoint
