#include "corpus/parts/input_part.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "base/checksum.h"
#include "base/error.h"
#include "base/shown.h"
#include "corpus/files/file_source.h"
#include "corpus/reading/document_cut.h"
#include "corpus/store/record_file.h"

namespace albert::corpus {

namespace {

std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

/// Its beginning, middle and end: files of one size and name may have other texts.
void update_with_ends(Checksum& checksum, const InputFile& file) {
  constexpr std::uint64_t kPieceBytes = std::uint64_t{4} << 10;
  const std::uint64_t size = *file.size_bytes, piece = std::min(kPieceBytes, size);
  std::string bytes(piece, '\0');
  try {
    const FileAccess access(file.path);
    for (const std::uint64_t begin : {std::uint64_t{0}, (size - piece) / 2, size - piece}) {
      access.read(begin, bytes.data(), bytes.size());
      checksum.update(bytes);
    }
  } catch (const Error&) {
    checksum.update("cannot be read");  // whoever reads the text says why
  }
}

InputIdentity identity_of(const std::vector<InputFile>& files) {
  InputIdentity identity{.num_files = files.size(), .size_bytes = 0, .checksum = {}};
  Checksum checksum;
  for (const InputFile& file : files) {
    identity.size_bytes += *file.size_bytes;
    checksum.update(fmt::format("{}/{}\n", file.path.filename().string(), *file.size_bytes));
    update_with_ends(checksum, file);
  }
  identity.checksum = checksum.hex();
  return identity;
}

/// Where part `number`+1 begins among the bytes of all files.
std::uint64_t boundary(std::uint64_t size_bytes, std::uint64_t number, std::uint64_t count) {
  return size_bytes / count * number + size_bytes % count * number / count;
}

/// The documents of a file that begin between two places, counted from its beginning; `end` may lie beyond the file.
/// \return whether there is any
bool cut(InputFile& file, std::uint64_t begin, std::uint64_t end, const ReaderOptions& options) {
  const std::uint64_t size = *file.size_bytes;
  const std::optional<std::uint64_t> first = find_document_begin(file, {.begin = begin, .end = end}, options);
  if (!first) return false;
  const std::uint64_t next =
      end < size ? find_document_begin(file, {.begin = end, .end = size}, options).value_or(size) : size;
  if (next - *first < size) file.range = {.begin = *first, .end = next};
  return true;
}

/// One pipe: the part as it is.
InputShare piped(const std::vector<InputFile>& files, const PartOfInput& part) {
  if (files.size() > 1) {
    throw UsageError(
        "--part {}: expected files, or one pipe with the text of this part, found a pipe among {} inputs; write what "
        "comes through it to a file, or give it alone",
        to_string(part), files.size());
  }
  InputShare share{.files = files, .whole = {.num_files = part.count, .size_bytes = 0, .checksum = checksum_of("|")}};
  share.files.front().number = static_cast<std::uint32_t>(part.number);
  return share;
}

/// Pieces of what is read of a file.
void update_with_spots(Checksum& checksum, const InputFile& file) {
  constexpr std::uint64_t kSpotBytes = std::uint64_t{64} << 10;
  constexpr std::uint64_t kStepBytes = std::uint64_t{16} << 20;
  const ByteRange range = file.range.value_or(ByteRange{.begin = 0, .end = *file.size_bytes});
  std::string spot;
  const auto update = [&](const FileAccess& access, std::uint64_t begin) {
    spot.resize(std::min(kSpotBytes, range.end - begin));
    access.read(begin, spot.data(), spot.size());
    checksum.update(spot);
  };
  try {
    const FileAccess access(file.path);
    for (std::uint64_t begin = range.begin; begin < range.end; begin += kStepBytes) update(access, begin);
    if (range.size() > kSpotBytes) update(access, range.end - kSpotBytes);
  } catch (const Error&) {
    checksum.update("cannot be read");  // whoever reads the text says why
  }
}

/// All that comes through a pipe.
void update_with_all(Checksum& checksum, const InputFile& file) {
  FileSource source(file.path, ByteRange{}, &checksum);
  std::string piece(std::size_t{1} << 20, '\0');
  while (source.read(piece.data(), piece.size()) > 0) {
  }
}

}  // namespace

PartOfInput parse_part(const std::string& text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const PartOfInput part{.number = number_in(std::string_view(text).substr(0, slash)),
                         .count = slash < text.size() ? number_in(std::string_view(text).substr(slash + 1)) : 0};
  if (part.number == 0 || part.number > part.count || part.count > PartOfInput::kMaxParts) {
    throw UsageError(
        "--part {}: expected the number of the part and that of all, such as 3/8, from 1/N to N/N, of at "
        "most {} parts",
        in_quotes(text), PartOfInput::kMaxParts);
  }
  return part;
}

std::string to_string(const PartOfInput& part) {
  return fmt::format("{}/{}", part.number, part.count);
}

std::string name_of(const PartOfInput& part) {
  return fmt::format("part-{:05}-of-{:05}", part.number, part.count);
}

InputShare share_of(const std::vector<InputFile>& files, const PartOfInput& part, const ReaderOptions& options) {
  if (std::ranges::any_of(files, [](const InputFile& file) { return !file.size_bytes; })) return piped(files, part);
  InputShare share{.files = {}, .whole = identity_of(files)};
  const std::uint64_t begin = boundary(share.whole.size_bytes, part.number - 1, part.count);
  const bool is_last = part.number == part.count;
  const std::uint64_t end =
      is_last ? share.whole.size_bytes + 1 : boundary(share.whole.size_bytes, part.number, part.count);
  std::uint64_t at = 0;
  for (InputFile file : files) {
    const std::uint64_t size = *file.size_bytes;
    const bool begins_here = begin <= at && at < end;
    const bool reaches_here = at < begin && begin < at + size;
    if ((begins_here || reaches_here) && cut(file, begins_here ? 0 : begin - at, end - at, options))
      share.files.push_back(file);
    at += size;
  }
  return share;
}

std::string text_checksum_of(const InputShare& share) {
  Checksum checksum;
  for (const InputFile& file : share.files) {
    if (file.size_bytes) {
      update_with_spots(checksum, file);
    } else {
      update_with_all(checksum, file);
    }
  }
  return checksum.hex();
}

}  // namespace albert::corpus
