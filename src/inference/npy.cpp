#include "inference/npy.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>
#include <string_view>

#include <spdlog/fmt/fmt.h>

#include "base/error.h"

namespace albert::inference {

namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::string_view kMagic{"\x93NUMPY\x01\x00", 8};  // with the version
constexpr std::size_t kHeaderBytes = 128;  ///< room for any number of rows, and a multiple of 64 as the format asks
constexpr std::size_t kMaxHeaderBytes = 10'000;  ///< of a file of others, which may pad it: NumPy's own bound
constexpr std::size_t kMaxShownBytes = 200;

/// Where the header's text begins and how long it is.
/// \param content the whole file
std::pair<std::size_t, std::size_t> header_place(std::string_view content, const fs::path& path) {
  const auto byte = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(content[at])); };
  if (content.size() < 12 || !content.starts_with(kMagic.substr(0, 6))) {
    throw DataError("{}: not a .npy file; make one with `albert embed`", path.string());
  }
  const bool is_first_version = content[6] == 1;
  const std::size_t begin = is_first_version ? 10 : 12;
  const std::size_t length = byte(8) | byte(9) << 8 | (is_first_version ? 0 : byte(10) << 16 | byte(11) << 24);
  if (length > kMaxHeaderBytes) {
    throw DataError("{}: the header says it has {} bytes; expected at most {} for a matrix", path.string(), length,
                    kMaxHeaderBytes);
  }
  if (begin + length > content.size()) {
    throw DataError("{}: the header of {} bytes is cut short", path.string(), length);
  }
  return {begin, length};
}

/// Reads a header's literal of Python from the left.
class HeaderParser {
 public:
  explicit HeaderParser(std::string_view text) : text_(text) {}

  bool take(std::string_view token) {
    skip_space();
    if (!text_.starts_with(token)) return false;
    text_.remove_prefix(token.size());
    return true;
  }

  std::optional<std::int64_t> take_count() {
    skip_space();
    std::int64_t count = -1;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), count);
    if (error != std::errc() || count < 0) return std::nullopt;
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    return count;
  }

  bool at_end() {
    skip_space();
    return text_.empty();
  }

 private:
  void skip_space() { text_.remove_prefix(std::min(text_.find_first_not_of(" \t\n\v\f\r"), text_.size())); }

  std::string_view text_;
};

/// Rows and columns of a matrix of float32 as NumPy writes it; nothing for another header.
std::optional<std::array<std::int64_t, 2>> parse_header(std::string_view text) {
  HeaderParser header(text);
  for (const char* token :
       {"{", "'descr'", ":", "'<f4'", ",", "'fortran_order'", ":", "False", ",", "'shape'", ":", "("}) {
    if (!header.take(token)) return std::nullopt;
  }
  const auto rows = header.take_count();
  if (!rows || !header.take(",")) return std::nullopt;
  const auto columns = header.take_count();
  if (!columns || !header.take(")")) return std::nullopt;
  header.take(",");
  if (!header.take("}") || !header.at_end()) return std::nullopt;
  return std::array{*rows, *columns};
}

/// The bytes of a matrix; nothing for more than can be.
std::optional<std::size_t> size_of_matrix(const std::array<std::int64_t, 2>& shape) {
  std::size_t size = sizeof(float);
  for (const std::int64_t extent : shape) {
    if (__builtin_mul_overflow(size, static_cast<std::size_t>(extent), &size)) return std::nullopt;
  }
  return size;
}

}  // namespace

NpyWriter::NpyWriter(const fs::path& path, std::string type, std::optional<std::int64_t> num_columns)
    : file_(std::make_unique<AtomicFile>(path)), type_(std::move(type)), num_columns_(num_columns) {
  file_->write(header());
}

std::string NpyWriter::header() const {
  std::string header(kMagic);
  const std::size_t length = kHeaderBytes - header.size() - 2;
  header += static_cast<char>(length & 0xff);
  header += static_cast<char>(length >> 8);
  const std::string columns = num_columns_ ? fmt::format(" {}", *num_columns_) : "";
  header += fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({},{}), }}", type_, num_rows_, columns);
  header.resize(kHeaderBytes - 1, ' ');
  header += '\n';
  return header;
}

void NpyWriter::add(std::string_view bytes, std::size_t num_values, std::string_view type) {
  const auto count = static_cast<std::int64_t>(num_values);
  if (type != type_ || count != num_columns_.value_or(count)) {
    throw InternalError("{} numbers of type {} for an array of {} with rows of {}", count, type, type_,
                        num_columns_.value_or(1));
  }
  file_->write(bytes);
  num_rows_ += num_columns_ ? 1 : count;
}

void NpyWriter::add(std::span<const float> values) {
  add({reinterpret_cast<const char*>(values.data()), values.size_bytes()}, values.size(), "<f4");
}

void NpyWriter::add(std::span<const std::int64_t> values) {
  add({reinterpret_cast<const char*>(values.data()), values.size_bytes()}, values.size(), "<i8");
}

void NpyWriter::commit() {
  file_->write_over_beginning(header());
  file_->commit();
}

NpyMatrix::NpyMatrix(const fs::path& path) : file_(path, MappedFile::OnLoss::kReadZeros) {
  const std::string_view content = file_.text();
  const auto [begin, length] = header_place(content, path);
  const std::string_view header = content.substr(begin, length);
  const auto shape = parse_header(header);
  if (!shape) {
    throw DataError("{}: expected a matrix of little-endian float32 in C order, found {}", path.string(),
                    header.substr(0, std::min(header.find_last_not_of(" \n") + 1, kMaxShownBytes)));
  }
  shape_ = *shape;
  const std::optional<std::size_t> expected = size_of_matrix(shape_);
  const std::span<const std::byte> data = file_.bytes().subspan(begin + length);
  if (expected != data.size()) {
    throw DataError("{}: expected {} vectors of {} float32 numbers, found {} bytes; the file is damaged", path.string(),
                    shape_[0], shape_[1], data.size());
  }
  if ((begin + length) % alignof(float) != 0) {
    throw DataError("{}: the numbers begin at byte {}, which four does not divide", path.string(), begin + length);
  }
  values_ = {reinterpret_cast<const float*>(data.data()), data.size() / sizeof(float)};
}

}  // namespace albert::inference
