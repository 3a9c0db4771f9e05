#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/mapped_file.h"

namespace albert::checkpoint {

/// The element types that we read and write.
enum class DType { kFloat32, kBFloat16, kFloat16, kFloat64, kInt64, kInt32, kInt8, kUInt8, kBool };

inline constexpr std::array kAllDTypes = {DType::kFloat32, DType::kBFloat16, DType::kFloat16,
                                          DType::kFloat64, DType::kInt64,    DType::kInt32,
                                          DType::kInt8,    DType::kUInt8,    DType::kBool};

std::string_view to_string(DType dtype);  ///< as in a file: "F32", "BF16", "I64" ...
std::size_t size_bytes(DType dtype);

/// What a file says about a tensor.
struct TensorInfo {
  std::string name;
  DType dtype = DType::kFloat32;
  std::vector<std::int64_t> shape;  ///< empty for a scalar

  std::string describe() const;  ///< "F32 [768, 128]"
  /// The bytes of all elements.
  /// Throws ModelError if the shape has a negative extent or overflows.
  std::uint64_t size_bytes() const;
};

/// A tensor of an open file: `bytes` are its elements in row-major order, little-endian, not necessarily aligned.
struct StoredTensor : TensorInfo {
  std::span<const std::byte> bytes;
};

using Metadata = std::map<std::string, std::string>;

/// A safetensors file, mapped: 8 bytes length of the header, the header as JSON, then the tensors' bytes without holes
/// (huggingface/safetensors README.md). Everything is checked on opening: the header's length and syntax, types,
/// shapes, and that the tensors cover the rest of the file exactly, each byte once.
/// Throws ModelError with file, tensor, expected and found.
class SafetensorsFile {
 public:
  explicit SafetensorsFile(const std::filesystem::path& path);

  /// In the order of their bytes.
  const std::vector<StoredTensor>& tensors() const { return tensors_; }
  const StoredTensor* find(std::string_view name) const;
  const Metadata& metadata() const { return metadata_; }
  const std::filesystem::path& path() const { return file_.path(); }

 private:
  MappedFile file_;
  std::vector<StoredTensor> tensors_;
  Metadata metadata_;
};

/// Writes a file tensor by tensor, so that no second copy of a model is held.
class SafetensorsWriter {
 public:
  /// Writes the header.
  /// \param tensors in the order in which write() will get their bytes
  /// Throws ModelError for a name given twice.
  SafetensorsWriter(const std::filesystem::path& path, std::vector<TensorInfo> tensors,
                    const Metadata& metadata = {{"format", "pt"}});

  /// The bytes of the next tensor.
  /// Throws InternalError if their number is not what its shape says.
  void write(std::span<const std::byte> bytes);
  /// Syncs and closes.
  /// Throws InternalError if tensors are missing.
  void close();

 private:
  FileWriter file_;
  std::vector<TensorInfo> tensors_;
  std::size_t next_ = 0;
};

}  // namespace albert::checkpoint
