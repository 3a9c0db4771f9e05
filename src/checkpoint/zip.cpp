#include "checkpoint/zip.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <set>
#include <string_view>

#include <zlib.h>

#include "base/error.h"
#include "base/shown.h"

namespace albert::checkpoint {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t kLocalSignature = 0x04034b50;
constexpr std::uint32_t kDirectorySignature = 0x02014b50;
constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint32_t kEnd64Signature = 0x06064b50;
constexpr std::uint32_t kLocator64Signature = 0x07064b50;
constexpr std::size_t kLocalBytes = 30;
constexpr std::size_t kDirectoryBytes = 46;
constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kEnd64Bytes = 56;
constexpr std::size_t kLocator64Bytes = 20;
constexpr std::uint16_t kExtra64 = 0x0001;
/// What a field of 32 or 16 bits holds if its value stands in the extension for large archives.
constexpr std::uint64_t kElsewhere32 = 0xffffffff;
constexpr std::uint64_t kElsewhere16 = 0xffff;
constexpr std::uint16_t kIsEncrypted = 1;

/// Where the list of files lies in the archive.
struct Directory {
  std::uint64_t num_entries = 0;
  std::uint64_t size = 0;
  std::uint64_t begin = 0;
};

/// A file as the list of files describes it.
struct Listed {
  std::string name;
  std::uint64_t size = 0;
  std::uint64_t local = 0;  ///< where its own header begins
  std::uint32_t checksum = 0;
};

/// Reads one archive.
class Reader {
 public:
  Reader(std::span<const std::byte> archive, const fs::path& path) : archive_(archive), path_(path) {}

  std::vector<ZipEntry> read() const {
    const Directory directory = find_directory();
    const std::vector<Listed> listed = read_directory(directory);
    std::vector<ZipEntry> entries;
    for (const Listed& file : listed) entries.push_back({file.name, content_of(file, directory)});
    check_overlap(entries);
    for (std::size_t i = 0; i < entries.size(); ++i) check_content(entries[i], listed[i]);
    return entries;
  }

 private:
  template <typename... Args>
  [[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) const {
    throw ModelError("{}: {}", path_.string(), fmt::format(format, std::forward<Args>(args)...));
  }

  /// Throws if the archive does not hold so many bytes from there on.
  void need(std::uint64_t begin, std::uint64_t size, std::string_view what) const {
    if (begin > archive_.size() || size > archive_.size() - begin) {
      fail("expected {} bytes of {} at {}, found an archive of {} bytes; it is cut off or damaged", size, what, begin,
           archive_.size());
    }
  }

  /// A number of the archive, which is little-endian; the bytes are there.
  template <typename Number>
  Number number_at(std::uint64_t begin) const {
    Number number = 0;
    std::memcpy(&number, archive_.data() + begin, sizeof number);
    return number;
  }

  std::string_view text_at(std::uint64_t begin, std::size_t size) const {
    return {reinterpret_cast<const char*>(archive_.data()) + begin, size};
  }

  /// The end of an archive says where its list of files lies. A comment may stand behind it.
  std::uint64_t find_end() const {
    if (archive_.size() < kEndBytes) fail("expected a zip archive, found only {} bytes", archive_.size());
    const std::uint64_t last = archive_.size() - kEndBytes;
    const std::uint64_t first = last > kElsewhere16 ? last - kElsewhere16 : 0;
    for (std::uint64_t end = last + 1; end-- > first;) {
      const bool is_end = number_at<std::uint32_t>(end) == kEndSignature;
      if (is_end && end + kEndBytes + number_at<std::uint16_t>(end + 20) == archive_.size()) return end;
    }
    fail("expected the end of a zip archive, found none; the file is cut off or of another kind");
  }

  Directory find_directory() const {
    const std::uint64_t end = find_end();
    Directory directory{.num_entries = number_at<std::uint16_t>(end + 10),
                        .size = number_at<std::uint32_t>(end + 12),
                        .begin = number_at<std::uint32_t>(end + 16)};
    const bool is_elsewhere =
        directory.num_entries == kElsewhere16 || directory.size == kElsewhere32 || directory.begin == kElsewhere32;
    if (is_elsewhere) directory = find_directory64(end);
    need(directory.begin, directory.size, "the list of files");
    if (directory.num_entries > directory.size / kDirectoryBytes) {
      fail("the list of files has {} bytes, too few for {} files", directory.size, directory.num_entries);
    }
    return directory;
  }

  Directory find_directory64(std::uint64_t end) const {
    const bool has_locator =
        end >= kLocator64Bytes && number_at<std::uint32_t>(end - kLocator64Bytes) == kLocator64Signature;
    if (!has_locator) fail("expected the extension for large archives before the end, found none");
    const auto place = number_at<std::uint64_t>(end - kLocator64Bytes + 8);
    need(place, kEnd64Bytes, "the end of a large archive");
    if (number_at<std::uint32_t>(place) != kEnd64Signature) fail("expected the end of a large archive at {}", place);
    return {.num_entries = number_at<std::uint64_t>(place + 32),
            .size = number_at<std::uint64_t>(place + 40),
            .begin = number_at<std::uint64_t>(place + 48)};
  }

  std::vector<Listed> read_directory(const Directory& directory) const {
    std::vector<Listed> listed;
    std::set<std::string> names;
    std::uint64_t place = directory.begin;
    const std::uint64_t end = directory.begin + directory.size;
    for (std::uint64_t i = 0; i < directory.num_entries; ++i) {
      if (end - place < kDirectoryBytes || number_at<std::uint32_t>(place) != kDirectorySignature) {
        fail("expected file {} of {} in the list of files at {}, found something else", i + 1, directory.num_entries,
             place);
      }
      const std::size_t name_size = number_at<std::uint16_t>(place + 28);
      const std::size_t extra_size = number_at<std::uint16_t>(place + 30);
      const std::size_t comment_size = number_at<std::uint16_t>(place + 32);
      const std::uint64_t size = kDirectoryBytes + name_size + extra_size + comment_size;
      if (size > end - place) fail("file {} in the list of files ends behind the list", i + 1);
      listed.push_back(read_listed(place, name_size, extra_size));
      if (!names.insert(listed.back().name).second) fail("it has two files called {}", in_quotes(listed.back().name));
      place += size;
    }
    return listed;
  }

  Listed read_listed(std::uint64_t place, std::size_t name_size, std::size_t extra_size) const {
    Listed file{.name = std::string(text_at(place + kDirectoryBytes, name_size)),
                .size = number_at<std::uint32_t>(place + 24),
                .local = number_at<std::uint32_t>(place + 42),
                .checksum = number_at<std::uint32_t>(place + 16)};
    if ((number_at<std::uint16_t>(place + 8) & kIsEncrypted) != 0) fail("{} is encrypted", in_quotes(file.name));
    if (const auto method = number_at<std::uint16_t>(place + 10); method != 0) {
      fail("{} is compressed (method {}); write the archive anew without compression, as torch.save does",
           in_quotes(file.name), method);
    }
    std::uint64_t packed = number_at<std::uint32_t>(place + 20);
    read_extra64(place + kDirectoryBytes + name_size, extra_size, file, packed);
    if (packed != file.size) {
      fail("{}: expected as many bytes in the archive as in the file, {}, found {}", in_quotes(file.name), file.size,
           packed);
    }
    return file;
  }

  /// The values that 32 bits do not hold.
  void read_extra64(std::uint64_t place, std::size_t size, Listed& file, std::uint64_t& packed) const {
    const std::uint64_t end = place + size;
    for (std::size_t length = 0; end - place >= 4; place += 4 + length) {
      length = number_at<std::uint16_t>(place + 2);
      if (length > end - place - 4) fail("{}: a field of it ends behind its entry", in_quotes(file.name));
      if (number_at<std::uint16_t>(place) != kExtra64) continue;
      std::uint64_t value = place + 4;
      for (std::uint64_t* number : {&file.size, &packed, &file.local}) {
        if (*number != kElsewhere32) continue;
        if (value + 8 > place + 4 + length) fail("{}: its size or place is missing", in_quotes(file.name));
        *number = number_at<std::uint64_t>(value);
        value += 8;
      }
      return;
    }
  }

  std::span<const std::byte> content_of(const Listed& file, const Directory& directory) const {
    need(file.local, kLocalBytes, "a file's header");
    if (number_at<std::uint32_t>(file.local) != kLocalSignature) {
      fail("{}: expected its header at {}, found something else", in_quotes(file.name), file.local);
    }
    const std::size_t name_size = number_at<std::uint16_t>(file.local + 26);
    const std::size_t extra_size = number_at<std::uint16_t>(file.local + 28);
    const std::uint64_t begin = file.local + kLocalBytes + name_size + extra_size;
    need(begin, file.size, "a file");
    if (text_at(file.local + kLocalBytes, name_size) != file.name) {
      fail("{}: its header at {} has another name", in_quotes(file.name), file.local);
    }
    if (begin + file.size > directory.begin) fail("{} reaches into the list of files", in_quotes(file.name));
    return archive_.subspan(begin, file.size);
  }

  void check_overlap(const std::vector<ZipEntry>& entries) const {
    std::vector<const ZipEntry*> ordered;
    for (const ZipEntry& entry : entries) {
      if (!entry.bytes.empty()) ordered.push_back(&entry);
    }
    std::ranges::sort(ordered, {}, [](const ZipEntry* entry) { return entry->bytes.data(); });
    for (std::size_t i = 1; i < ordered.size(); ++i) {
      const auto& before = *ordered[i - 1];
      if (before.bytes.data() + before.bytes.size() <= ordered[i]->bytes.data()) continue;
      fail("the files {} and {} overlap", in_quotes(before.name), in_quotes(ordered[i]->name));
    }
  }

  void check_content(const ZipEntry& entry, const Listed& listed) const {
    const auto* const bytes = reinterpret_cast<const Bytef*>(entry.bytes.data());
    if (static_cast<std::uint32_t>(::crc32_z(0, bytes, entry.bytes.size())) == listed.checksum) return;
    fail(
        "{}: its checksum is wrong: the archive is damaged, or was written without checksums "
        "(torch.serialization.set_crc32_options)",
        in_quotes(entry.name));
  }

  std::span<const std::byte> archive_;
  const fs::path& path_;
};

}  // namespace

std::vector<ZipEntry> read_zip(std::span<const std::byte> archive, const fs::path& path) {
  return Reader(archive, path).read();
}

}  // namespace albert::checkpoint
