#include "checkpoint/manifest.h"

#include <map>
#include <optional>

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/checksum.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"

namespace albert::checkpoint {

namespace {

using nlohmann::json;

constexpr int kVersion = 1;
constexpr const char* kChecksum = "xxh3_128";

struct FileRecord {
  std::uint64_t size_bytes = 0;
  std::string checksum;
};

using Records = std::map<std::string, FileRecord>;

/// The checksum of the records themselves, so that the manifest notices a change of its own.
std::string checksum_of_records(const Records& records) {
  Checksum checksum;
  for (const auto& [name, record] : records)
    checksum.update(fmt::format("{}\n{}\n{}\n", name, record.size_bytes, record.checksum));
  return checksum.hex();
}

/// Nothing if the manifest is another program's: it names no checksum of the kind.
std::optional<Records> read_records(const fs::path& path) {
  Records records;
  std::string own;
  try {
    const std::string text = read_file(path, kMaxConfigBytes);
    const json root = read_json(text);
    if (text.find(fmt::format("\"{}\"", kChecksum)) == std::string::npos) return std::nullopt;
    if (const auto version = json_value_of<std::int64_t>(root, "version"); version != kVersion)
      throw ModelError("{}: expected version {}, found {}", path.string(), kVersion, version);
    for (const auto& [name, record] : json_object(json_member(root, "files"), "files").items()) {
      records[name] = {json_value_of<std::uint64_t>(record, "size_bytes"),
                       json_value_of<std::string>(record, kChecksum)};
    }
    own = json_value_of<std::string>(root, kChecksum);
  } catch (const json::exception& error) {
    throw ModelError("{}: the manifest is damaged: {}", path.string(), json_problem(error));
  }
  if (own != checksum_of_records(records))
    throw ModelError("{}: the manifest is damaged: its own checksum does not fit", path.string());
  return records;
}

void verify_size(const fs::path& path, const FileRecord& record) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) {
    throw ModelError("{}: the file is missing; the manifest says {} bytes", path.string(), record.size_bytes);
  }
  if (const std::uint64_t size = fs::file_size(path); size != record.size_bytes) {
    throw ModelError("{}: expected {} bytes, found {}; the file is torn or was changed", path.string(),
                     record.size_bytes, size);
  }
}

void verify(const fs::path& path, const FileRecord& record) {
  verify_size(path, record);
  if (const std::string found = checksum_of_file(path); found != record.checksum) {
    throw ModelError("{}: expected checksum {}, found {}; the file was changed", path.string(), record.checksum, found);
  }
}

/// The records of a checkpoint, which must have a manifest.
Records read_own_records(const fs::path& folder) {
  const fs::path path = folder / kManifestFile;
  if (!is_there(path))
    throw ModelError("{}: expected {}, found none; this is no whole checkpoint", folder.string(), kManifestFile);
  std::optional<Records> records = read_records(path);
  if (!records) throw ModelError("{}: expected the manifest of a checkpoint, found another program's", path.string());
  return *std::move(records);
}

void write_records(const fs::path& folder, const Records& records) {
  nlohmann::ordered_json root = {{"version", kVersion}, {"files", nlohmann::ordered_json::object()}};
  for (const auto& [name, record] : records)
    root["files"][name] = {{"size_bytes", record.size_bytes}, {kChecksum, record.checksum}};
  root[kChecksum] = checksum_of_records(records);
  write_file_atomically(folder / kManifestFile, root.dump(2) + "\n");
}

}  // namespace

void write_manifest(const fs::path& folder) {
  Records records;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name != kManifestFile) records[name] = {entry.file_size(), checksum_of_file(entry.path())};
  }
  write_records(folder, records);
}

void verify_manifest(const fs::path& folder) {
  for (const auto& [name, record] : read_own_records(folder)) verify(folder / name, record);
}

void verify_sizes(const fs::path& folder) {
  for (const auto& [name, record] : read_own_records(folder)) verify_size(folder / name, record);
}

std::vector<std::string> files_in_manifest(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& [name, record] : read_own_records(folder)) names.push_back(name);
  return names;
}

void drop_from_manifest(const fs::path& folder, std::span<const std::string> names) {
  Records records = read_own_records(folder);
  std::size_t num_dropped = 0;
  for (const std::string& name : names) num_dropped += records.erase(name);
  if (num_dropped > 0) write_records(folder, records);
}

void verify_file(const fs::path& file) {
  const fs::path manifest = file.parent_path() / kManifestFile;
  if (!is_there(manifest)) return;
  const std::optional<Records> records = read_records(manifest);
  if (!records) return;
  const auto record = records->find(file.filename().string());
  if (record != records->end()) verify(file, record->second);
}

void warn_if_changed(const fs::path& file) {
  try {
    verify_file(file);
  } catch (const ModelError& error) {
    log_warning("{}; it is taken as it is, but may be damaged", error.what());
  }
}

}  // namespace albert::checkpoint
