#include "checkpoint/tensorflow_checkpoint.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "base/checksum.h"
#include "base/error.h"
#include "base/shown.h"
#include "checkpoint/embedding_mapping.h"
#include "checkpoint/string_table.h"
#include "checkpoint/tensor_bundle.h"
#include "checkpoint/tensorflow_names.h"

namespace albert::checkpoint {

namespace {

static_assert(std::endian::native == std::endian::little,
              "the elements of a file are little-endian and are used as they lie");

using Bytes = std::span<const std::byte>;

constexpr std::string_view kIndexEnding = ".index";

bool is_index(const fs::path& path) {
  return path.extension() == kIndexEnding;
}

fs::path index_of_prefix(const fs::path& prefix) {
  return fs::path(prefix.string() + std::string(kIndexEnding));
}

bool is_first_format(const fs::path& path) {
  return fs::is_regular_file(path) && is_string_table(MappedFile(path).text());
}

fs::path find_index(const fs::path& path) {
  if (is_index(path)) return path;
  if (const fs::path index = index_of_prefix(path); fs::exists(index)) return index;
  if (is_first_format(path)) {
    throw ModelError(
        "{}: it is a checkpoint of TensorFlow's first format, in one file without {}, which is not read; restore it in "
        "TensorFlow and save it anew: tf.compat.v1.train.Saver writes {} and its data",
        path.string(), index_of_prefix(path).filename().string(), index_of_prefix(path).filename().string());
  }
  throw ModelError(
      "{}: expected a TensorFlow checkpoint, found no {}; name its .index file, or what stands before .index",
      path.string(), index_of_prefix(path).filename().string());
}

/// Columns as rows, by squares that stay in the cache.
template <typename Element>
void transpose(const std::byte* from, char* to, std::size_t num_rows, std::size_t num_columns) {
  constexpr std::size_t kSquare = 32;
  for (std::size_t top = 0; top < num_rows; top += kSquare) {
    for (std::size_t left = 0; left < num_columns; left += kSquare) {
      for (std::size_t j = left; j < std::min(left + kSquare, num_columns); ++j) {
        for (std::size_t i = top; i < std::min(top + kSquare, num_rows); ++i) {
          std::memcpy(to + (j * num_rows + i) * sizeof(Element), from + (i * num_columns + j) * sizeof(Element),
                      sizeof(Element));
        }
      }
    }
  }
}

void transpose(const StoredTensor& tensor, std::string& to) {
  const auto num_rows = static_cast<std::size_t>(tensor.shape[0]);
  const auto num_columns = static_cast<std::size_t>(tensor.shape[1]);
  switch (size_bytes(tensor.dtype)) {
    case 1:
      return transpose<std::uint8_t>(tensor.bytes.data(), to.data(), num_rows, num_columns);
    case 2:
      return transpose<std::uint16_t>(tensor.bytes.data(), to.data(), num_rows, num_columns);
    case 4:
      return transpose<std::uint32_t>(tensor.bytes.data(), to.data(), num_rows, num_columns);
    default:
      return transpose<std::uint64_t>(tensor.bytes.data(), to.data(), num_rows, num_columns);
  }
}

/// Whether it is a part of a partitioned variable: such keys are an encoding that begins with a zero byte
/// (tensorflow/core/util/saved_tensor_slice_util.h).
bool is_part(const BundleEntry& entry) {
  return entry.name.starts_with('\0');
}

}  // namespace

/// Fills one object.
class TensorFlowCheckpointReader {
 public:
  explicit TensorFlowCheckpointReader(TensorFlowCheckpoint& checkpoint) : checkpoint_(checkpoint) {}

  void read() {
    const TensorBundle bundle = read_tensor_bundle(checkpoint_.index_.text());
    num_shards_ = bundle.num_shards;
    std::vector<const BundleEntry*> needed;
    std::vector<std::string> names;
    for (const BundleEntry& entry : bundle.entries) {
      if (skip(entry)) continue;
      needed.push_back(&entry);
      names.push_back(entry.name);
    }
    const TensorFlowModel model = model_of(names);
    for (const BundleEntry* entry : needed) add(*entry, translate(entry->name, model));
    check_names(names);
    checkpoint_.notes_ = complete_mapping(checkpoint_.tensors_, checkpoint_.copies_);
  }

 private:
  bool skip(const BundleEntry& entry) {
    std::string reason;
    if (is_training_state(entry.name)) {
      reason = "training state";
    } else if (is_part(entry)) {
      reason = "a part of another variable";
    } else if (!entry.dtype()) {
      reason = entry.type_name();
    }
    if (!reason.empty()) checkpoint_.skipped_.push_back({entry.name, reason});
    return !reason.empty();
  }

  void add(const BundleEntry& entry, TranslatedName translated) {
    if (entry.is_partitioned) {
      throw ModelError(
          "tensor {}: it is stored in several parts, which is not read; restore the checkpoint in TensorFlow without a "
          "partitioner and save it anew",
          in_quotes(entry.name));
    }
    StoredTensor tensor;
    tensor.name = std::move(translated.name);
    tensor.dtype = *entry.dtype();
    tensor.shape = entry.shape;
    tensor.bytes = bytes_of(entry);
    if (translated.is_transposed) transpose_kernel(entry, tensor);
    checkpoint_.tensors_.push_back(std::move(tensor));
  }

  Bytes bytes_of(const BundleEntry& entry) {
    const MappedFile& data = shard(entry);
    if (entry.end() > data.bytes().size()) {
      throw ModelError("{}: tensor {}: expected {} bytes at {}, found a file of {} bytes; it is cut off",
                       data.path().string(), in_quotes(entry.name), entry.size, entry.offset, data.bytes().size());
    }
    if (masked_crc32c(data.text().substr(entry.offset, entry.size)) != entry.checksum) {
      throw ModelError("{}: tensor {}: its checksum is wrong: the file is damaged, or is not of this index",
                       data.path().string(), in_quotes(entry.name));
    }
    return data.bytes().subspan(entry.offset, entry.size);
  }

  const MappedFile& shard(const BundleEntry& entry) {
    const auto found = checkpoint_.shards_.find(entry.shard);
    if (found != checkpoint_.shards_.end()) return found->second;
    fs::path path = checkpoint_.path();
    path.replace_extension(fmt::format("data-{:05}-of-{:05}", entry.shard, num_shards_));
    if (!fs::exists(path)) {
      throw ModelError("tensor {}: the file {} that holds it is missing; put it beside the index",
                       in_quotes(entry.name), path.filename().string());
    }
    return checkpoint_.shards_.emplace(entry.shard, MappedFile(path)).first->second;
  }

  void transpose_kernel(const BundleEntry& entry, StoredTensor& tensor) {
    if (tensor.shape.size() != 2) {
      throw ModelError("tensor {}: expected a kernel of two dimensions, found {}", in_quotes(entry.name),
                       tensor.describe());
    }
    std::string& rows = checkpoint_.copies_.emplace_back(tensor.bytes.size(), '\0');
    if (!rows.empty()) transpose(tensor, rows);  // one extent may be huge if the other one is 0
    std::swap(tensor.shape[0], tensor.shape[1]);
    tensor.bytes = std::as_bytes(std::span(rows));
  }

  /// No two variables may be one parameter, as those of two models in one file.
  /// \param stored the names in the checkpoint, in the order of the tensors
  void check_names(const std::vector<std::string>& stored) const {
    std::map<std::string_view, std::string_view> seen;
    for (std::size_t i = 0; i < stored.size(); ++i) {
      const auto [place, is_new] = seen.emplace(checkpoint_.tensors_[i].name, stored[i]);
      if (is_new) continue;
      throw ModelError("the variables {} and {} are both the parameter {}; save a checkpoint of one model alone",
                       in_quotes(place->second), in_quotes(stored[i]), in_quotes(place->first));
    }
  }

  TensorFlowCheckpoint& checkpoint_;
  std::uint64_t num_shards_ = 0;
};

TensorFlowCheckpoint::TensorFlowCheckpoint(const fs::path& path) : index_(find_index(path)) {
  try {
    TensorFlowCheckpointReader(*this).read();
  } catch (const ModelError& error) {
    const std::string prefix = fs::path(index_.path()).replace_extension(".").string();
    if (std::string_view(error.what()).starts_with(prefix)) throw;
    throw ModelError("{}: {}", index_.path().string(), error.what());
  }
}

std::vector<fs::path> TensorFlowCheckpoint::files() const {
  std::vector<fs::path> paths = {index_.path()};
  for (const auto& [number, shard] : shards_) paths.push_back(shard.path());
  return paths;
}

bool is_tensorflow_checkpoint(const fs::path& path) {
  if (fs::is_directory(path)) return false;
  return is_index(path) || fs::exists(index_of_prefix(path)) || is_first_format(path);
}

}  // namespace albert::checkpoint
