#include "inference/npy.h"

#include <bit>
#include <regex>
#include <string_view>

#include <spdlog/fmt/fmt.h>

#include "base/error.h"

namespace albert::inference {

namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::string_view kMagic{"\x93NUMPY\x01\x00", 8};  // with the version
constexpr std::size_t kHeaderBytes = 128;  ///< room for any number of rows, and a multiple of 64 as the format asks

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

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
  if (begin + length > content.size()) {
    throw DataError("{}: the header of {} bytes is cut short", path.string(), length);
  }
  return {begin, length};
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

NpyMatrix::NpyMatrix(const fs::path& path) : file_(path) {
  const std::string_view content = text_of(file_.bytes());
  const auto [begin, length] = header_place(content, path);
  const std::string header(content.substr(begin, length));
  static const std::regex kMatrix(R"(\s*\{\s*'descr':\s*'<f4',\s*'fortran_order':\s*False,\s*'shape':\s*)"
                                  R"(\((\d{1,15}),\s*(\d{1,9})\)\s*,?\s*\}\s*)");
  std::smatch match;
  if (!std::regex_match(header, match, kMatrix)) {
    throw DataError("{}: expected a matrix of little-endian float32 in C order, found {}", path.string(),
                    header.substr(0, header.find_last_not_of(" \n") + 1));
  }
  shape_ = {std::stoll(match[1]), std::stoll(match[2])};
  const auto expected = static_cast<std::size_t>(shape_[0]) * static_cast<std::size_t>(shape_[1]);
  const std::span<const std::byte> data = file_.bytes().subspan(begin + length);
  if (data.size() != expected * sizeof(float)) {
    throw DataError("{}: expected {} bytes for {} vectors of {} numbers, found {}; the file is damaged", path.string(),
                    expected * sizeof(float), shape_[0], shape_[1], data.size());
  }
  if ((begin + length) % alignof(float) != 0) {
    throw DataError("{}: the numbers begin at byte {}, which four does not divide", path.string(), begin + length);
  }
  values_ = {reinterpret_cast<const float*>(data.data()), expected};
}

}  // namespace albert::inference
