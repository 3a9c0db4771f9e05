#include "corpus/store/checked_json.h"

#include <algorithm>

#include "base/checksum.h"
#include "base/shown.h"

namespace albert::corpus {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t kChecksumDigits = 32;
const std::string kNoChecksum(kChecksumDigits, '0');

/// Where the digits of the text's own checksum begin: it is the last value.
std::size_t find_checksum(std::string_view json) {
  constexpr std::string_view kKey = R"("checksum": ")";
  const std::size_t key = json.rfind(kKey);
  const std::size_t digits = key == std::string_view::npos ? key : key + kKey.size();
  return digits == std::string_view::npos || digits + kChecksumDigits > json.size() ? std::string_view::npos : digits;
}

std::string checksum_without_itself(std::string_view json, std::size_t digits) {
  std::string text(json);
  text.replace(digits, kChecksumDigits, kNoChecksum);
  return checksum_of(text);
}

}  // namespace

std::string to_checked_text(Json object) {
  object["checksum"] = kNoChecksum;
  std::string text = dump_json(object, 2) + "\n";
  const std::size_t digits = find_checksum(text);
  return text.replace(digits, kChecksumDigits, checksum_of(text));
}

Json parse_checked_text(std::string_view text, const fs::path& path, std::string_view kind) {
  const std::size_t digits = find_checksum(text);
  if (digits == std::string_view::npos) {
    throw DataError("{}: no checksum at its end: it is damaged, or not the manifest of a {}", path.string(), kind);
  }
  const std::string_view expected = text.substr(digits, kChecksumDigits);
  const std::string found = checksum_without_itself(text, digits);
  if (expected != found) {
    throw DataError("{}: damaged: expected the checksum {}, found {}; build the {} again", path.string(), expected,
                    found, kind);
  }
  return read_ordered_json(text);
}

Json file_to_json(const FileRecord& file) {
  return {{"name", file.name}, {"size_bytes", file.size_bytes}, {"checksum", file.checksum}};
}

/// A name that leads out of the folder has no business in a manifest, however it got there.
FileRecord file_from_json(const Json& json) {
  FileRecord file{.name = json_value_of<std::string>(json, "name"),
                  .size_bytes = json_value_of<std::uint64_t>(json, "size_bytes"),
                  .checksum = json_value_of<std::string>(json, "checksum")};
  const fs::path name(file.name);
  const bool climbs = std::any_of(name.begin(), name.end(), [](const fs::path& part) { return part == ".."; });
  if (name.empty() || name.is_absolute() || climbs)
    throw DataError("names the file {}, outside the folder", in_quotes(file.name));
  return file;
}

}  // namespace albert::corpus
