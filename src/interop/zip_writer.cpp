#include "interop/zip_writer.h"

#include <limits>

#include <zlib.h>

#include "base/error.h"
#include "base/little_endian.h"

namespace albert::interop {

namespace {

constexpr std::uint16_t kVersion = 20;           // 2.0, the first with folders
constexpr std::uint16_t kNoTime = 0;             // midnight
constexpr std::uint16_t kFirstDay = 1 << 5 | 1;  // 1 January 1980, so that equal models give equal files

/// What a file's header and its entry in the table of contents both say, from the version on.
std::string description(const std::string& name, std::string_view bytes) {
  std::string text;
  append_little_endian(text, kVersion);
  append_little_endian(text, std::uint16_t{0});  // flags
  append_little_endian(text, std::uint16_t{0});  // stored
  append_little_endian(text, kNoTime);
  append_little_endian(text, kFirstDay);
  append_little_endian(
      text, static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size())));
  append_little_endian(text, static_cast<std::uint32_t>(bytes.size()));
  append_little_endian(text, static_cast<std::uint32_t>(bytes.size()));
  append_little_endian(text, static_cast<std::uint16_t>(name.size()));
  append_little_endian(text, std::uint16_t{0});  // extra field
  return text;
}

}  // namespace

void ZipWriter::write(std::string_view bytes) {
  write_(bytes);
  size_ += bytes.size();
}

void ZipWriter::add(const std::string& name, std::string_view bytes) {
  constexpr std::uint64_t kRoom = 1 << 20;  // for the table of contents
  if (size_ + bytes.size() > std::numeric_limits<std::uint32_t>::max() - kRoom) {
    throw ModelError("{}: expected less than 4 GiB in all, which is what an archive of this kind holds", name);
  }
  const auto offset = static_cast<std::uint32_t>(size_);
  const std::string same = description(name, bytes);
  write("PK\3\4" + same + name);
  write(bytes);
  contents_ += "PK\1\2";
  append_little_endian(contents_, kVersion);
  contents_ += same;
  append_little_endian(contents_, std::uint16_t{0});  // comment
  append_little_endian(contents_, std::uint16_t{0});  // disk
  append_little_endian(contents_, std::uint16_t{0});  // internal attributes
  append_little_endian(contents_, std::uint32_t{0});  // external attributes
  append_little_endian(contents_, offset);
  contents_ += name;
  ++num_files_;
}

void ZipWriter::finish() {
  std::string end = "PK\5\6";
  append_little_endian(end, std::uint32_t{0});  // disks
  append_little_endian(end, num_files_);
  append_little_endian(end, num_files_);
  append_little_endian(end, static_cast<std::uint32_t>(contents_.size()));
  append_little_endian(end, static_cast<std::uint32_t>(size_));
  append_little_endian(end, std::uint16_t{0});  // comment
  write(contents_);
  write(end);
}

}  // namespace albert::interop
