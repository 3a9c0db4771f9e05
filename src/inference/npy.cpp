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

std::string header_of(std::int64_t num_rows, std::int64_t num_columns) {
  std::string header(kMagic);
  const std::size_t length = kHeaderBytes - header.size() - 2;
  header += static_cast<char>(length & 0xff);
  header += static_cast<char>(length >> 8);
  header += fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {}), }}", num_rows, num_columns);
  header.resize(kHeaderBytes - 1, ' ');
  header += '\n';
  return header;
}

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

NpyWriter::NpyWriter(const fs::path& path, std::int64_t num_columns) : file_(path), num_columns_(num_columns) {
  file_.write(header_of(0, num_columns_));
}

void NpyWriter::add(std::span<const float> row) {
  if (static_cast<std::int64_t>(row.size()) != num_columns_) {
    throw InternalError("a row of {} numbers for a matrix of {} columns", row.size(), num_columns_);
  }
  file_.write({reinterpret_cast<const char*>(row.data()), row.size_bytes()});
  ++num_rows_;
}

void NpyWriter::commit() {
  file_.write_over_beginning(header_of(num_rows_, num_columns_));
  file_.commit();
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
