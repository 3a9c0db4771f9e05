#include "checkpoint/safetensors.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <unordered_set>

#include "base/error.h"
#include "checkpoint/safetensors_header.h"

namespace albert::checkpoint {

namespace {

static_assert(std::endian::native == std::endian::little,
              "the elements of a file are little-endian and are used as they lie");

constexpr std::size_t kLengthBytes = 8;
/// The header is padded with spaces so that the elements lie aligned.
constexpr std::size_t kAlignment = 8;

std::uint64_t read_length(const fs::path& path, std::span<const std::byte> bytes) {
  if (bytes.size() < kLengthBytes) {
    throw ModelError("{}: expected a safetensors file, found only {} bytes; it is cut off or of another kind",
                     path.string(), bytes.size());
  }
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  const std::uint64_t room = bytes.size() - kLengthBytes;
  if (length > kMaxHeaderBytes) {
    throw ModelError("{}: the header says it has {} bytes, and at most {} are allowed; this is no safetensors file",
                     path.string(), length, kMaxHeaderBytes);
  }
  if (length > room) {
    throw ModelError("{}: expected a header of {} bytes, found {} to the end of the file; it is cut off", path.string(),
                     length, room);
  }
  return length;
}

/// The tensors must follow one another from the first byte to the last: so no two overlap, none is outside, and nothing
/// is hidden.
void check_layout(const fs::path& path, const std::vector<HeaderEntry>& entries, std::uint64_t data_size) {
  std::uint64_t position = 0;
  for (const HeaderEntry& entry : entries) {
    if (entry.begin != position) {
      throw ModelError("{}: tensor {}: expected its bytes to begin at {}, found {}; tensors {}", path.string(),
                       entry.info.name, position, entry.begin,
                       entry.begin < position ? "overlap" : "have a gap between them");
    }
    if (entry.end > data_size) {
      throw ModelError("{}: tensor {}: expected bytes up to {}, found a file that ends at {}; it is cut off",
                       path.string(), entry.info.name, entry.end, data_size);
    }
    position = entry.end;
  }
  if (position != data_size) {
    throw ModelError("{}: expected {} bytes of tensors, found {}; bytes were added at the end", path.string(), position,
                     data_size);
  }
}

}  // namespace

std::string_view to_string(DType dtype) {
  switch (dtype) {
    case DType::kFloat32:
      return "F32";
    case DType::kBFloat16:
      return "BF16";
    case DType::kFloat16:
      return "F16";
    case DType::kFloat64:
      return "F64";
    case DType::kInt64:
      return "I64";
    case DType::kInt32:
      return "I32";
    case DType::kInt8:
      return "I8";
    case DType::kUInt8:
      return "U8";
    case DType::kBool:
      return "BOOL";
  }
  throw InternalError("unknown element type {}", static_cast<int>(dtype));
}

std::size_t size_bytes(DType dtype) {
  switch (dtype) {
    case DType::kBFloat16:
    case DType::kFloat16:
      return 2;
    case DType::kFloat32:
    case DType::kInt32:
      return 4;
    case DType::kFloat64:
    case DType::kInt64:
      return 8;
    case DType::kInt8:
    case DType::kUInt8:
    case DType::kBool:
      return 1;
  }
  throw InternalError("unknown element type {}", static_cast<int>(dtype));
}

std::string TensorInfo::describe() const {
  return fmt::format("{} [{}]", to_string(dtype), fmt::join(shape, ", "));
}

std::uint64_t TensorInfo::size_bytes() const {
  std::uint64_t size = checkpoint::size_bytes(dtype);
  for (const std::int64_t extent : shape) {
    std::uint64_t product = 0;
    if (extent < 0 || __builtin_mul_overflow(size, static_cast<std::uint64_t>(extent), &product)) {
      throw ModelError("tensor {}: its shape [{}] is no size", name, fmt::join(shape, ", "));
    }
    size = product;
  }
  return size;
}

SafetensorsFile::SafetensorsFile(const fs::path& path) : file_(path) {
  const std::span<const std::byte> bytes = file_.bytes();
  const std::uint64_t length = read_length(path, bytes);
  const std::span<const std::byte> data = bytes.subspan(kLengthBytes + length);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + kLengthBytes, length);
  Header header = parse_header(text, path);
  std::stable_sort(header.entries.begin(), header.entries.end(), [](const HeaderEntry& a, const HeaderEntry& b) {
    return std::pair(a.begin, a.end) <
           std::pair(b.begin, b.end);  // an empty tensor before the one that begins where it does
  });
  check_layout(path, header.entries, data.size());
  for (HeaderEntry& entry : header.entries) {
    tensors_.push_back({std::move(entry.info), data.subspan(entry.begin, entry.end - entry.begin)});
  }
  metadata_ = std::move(header.metadata);
}

const StoredTensor* SafetensorsFile::find(std::string_view name) const {
  const auto found =
      std::find_if(tensors_.begin(), tensors_.end(), [&](const StoredTensor& t) { return t.name == name; });
  return found == tensors_.end() ? nullptr : &*found;
}

SafetensorsWriter::SafetensorsWriter(const fs::path& path, std::vector<TensorInfo> tensors, const Metadata& metadata)
    : file_(path), tensors_(std::move(tensors)) {
  std::unordered_set<std::string_view> names;
  for (const TensorInfo& tensor : tensors_) {
    if (!names.insert(tensor.name).second)
      throw ModelError("{}: two tensors of the name {}", path.string(), tensor.name);
  }
  std::string header = format_header(tensors_, metadata);
  header.resize((header.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  const std::uint64_t length = header.size();
  std::array<char, kLengthBytes> prefix;
  std::memcpy(prefix.data(), &length, kLengthBytes);
  file_.write({prefix.data(), prefix.size()});
  file_.write(header);
}

void SafetensorsWriter::write(std::span<const std::byte> bytes) {
  if (next_ == tensors_.size()) throw InternalError("{}: more tensors than the header has", file_.path().string());
  const TensorInfo& tensor = tensors_[next_++];
  if (bytes.size() != tensor.size_bytes()) {
    throw InternalError("{}: tensor {}: expected {} bytes for {}, found {}", file_.path().string(), tensor.name,
                        tensor.size_bytes(), tensor.describe(), bytes.size());
  }
  file_.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

void SafetensorsWriter::close() {
  if (next_ != tensors_.size()) {
    throw InternalError("{}: tensor {} was not written", file_.path().string(), tensors_[next_].name);
  }
  file_.close();
}

}  // namespace albert::checkpoint
