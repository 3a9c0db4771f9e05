#include "inference/index_replacement.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>
#include <sys/file.h>

#include "base/atomic_file.h"
#include "base/descriptor.h"
#include "base/durable.h"
#include "base/error.h"
#include "base/file.h"
#include "base/joint_move.h"
#include "base/json.h"
#include "base/temporary_entry.h"
#include "config/json_fields.h"
#include "inference/vector_origin.h"

namespace albert::inference {

namespace {

using nlohmann::json;

constexpr const char* kReplacement = "replacement";

fs::path with_suffix(const fs::path& index, std::string_view suffix) {
  fs::path path = index;
  return path += suffix;
}

/// Puts a file over the one in its place, whose permissions it gets.
void put_over(const fs::path& file, const fs::path& place) {
  keep_permissions(place, file);
  rename_file(file, place);
}

/// A replacement that goes on, or was stopped. The names of files are without that of the index, which need not be
/// UTF-8.
struct Replacement {
  std::string folder;                ///< how the name of the hidden folder ends: ".1f0c29a4d7b38e56.partial"
  std::vector<std::string> files;    ///< suffixes of those that the new index has
  std::vector<std::string> removed;  ///< suffixes of those that it has not

  void fields(config::Fields& f) {
    f("folder", folder, "how the name of the folder ends that holds the new files");
    f("files", files, "what the names of the new files have behind that of the index");
    f("removed", removed, "the same of files that belong to the old index only");
  }
};

std::string to_text(Replacement replacement) {
  json object = json::object();
  config::JsonWriter writer(object);
  replacement.fields(writer);
  return dump_json(json{{kReplacement, std::move(object)}}, 2) + "\n";
}

/// What stands in the place of an origin; no object if that is no JSON.
json content_of(const fs::path& origin) {
  try {
    return read_json(read_file(origin, kMaxConfigBytes));
  } catch (const json::exception&) {
    return {};
  } catch (const DataError&) {
    return {};
  }
}

/// The replacement that stands in the place of an index's origin; nothing if none does. A damaged one has no folder.
std::optional<Replacement> find_replacement(const fs::path& index) {
  const fs::path path = origin_path(index);
  if (!fs::is_regular_file(path)) return std::nullopt;
  const json content = content_of(path);
  if (!content.is_object() || !content.contains(kReplacement)) return std::nullopt;
  Replacement replacement;
  config::JsonReader reader(content[kReplacement]);
  if (content[kReplacement].is_object()) replacement.fields(reader);
  const auto leads_away = [](const std::string& suffix) { return suffix.find('/') != std::string::npos; };
  const bool is_right = reader.mistakes().empty() && std::ranges::none_of(replacement.files, leads_away) &&
                        std::ranges::none_of(replacement.removed, leads_away);
  return is_right ? replacement : Replacement();
}

/// The hidden folder of a replacement; nothing if it is gone.
std::optional<fs::path> find_folder(const fs::path& index, const Replacement& replacement) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(index.parent_path(), error)) {
    const std::string name = entry.path().filename().string();
    const auto parsed = parse_temporary_name(name);
    const bool is_of_index = parsed && index.filename().string().starts_with(parsed->original);
    if (is_of_index && name.substr(1 + parsed->original.size()) == replacement.folder) return entry.path();
  }
  if (error) throw IoError("cannot list {}: {}", index.parent_path().string(), error.message());
  return std::nullopt;
}

/// Locks the folder of a writer that is dead. Where the file system knows no locks, every writer is taken for dead.
/// Throws UsageError if it is alive.
Descriptor lock_folder(const fs::path& folder, const fs::path& index) {
  Descriptor lock(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (::flock(lock.value(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    throw UsageError("another process is writing {}; wait for it to end", index.string());
  }
  return lock;
}

/// Whether every new file is in the folder, or has left it for its place.
bool is_whole(const fs::path& index, const fs::path& folder, const Replacement& replacement) {
  const fs::path finished = folder / index.filename();
  return fs::exists(origin_path(finished)) && std::ranges::all_of(replacement.files, [&](const std::string& suffix) {
           return fs::exists(with_suffix(finished, suffix)) || fs::exists(with_suffix(index, suffix));
         });
}

/// Does what is left to do of a replacement. Each step may have been done before.
void roll_forward(const fs::path& index, const fs::path& folder, const Replacement& replacement) {
  const fs::path finished = folder / index.filename();
  for (const std::string& suffix : replacement.removed) {
    const fs::path place = with_suffix(index, suffix);
    std::error_code error;
    if (is_file_or_link(place) && !fs::remove(place, error)) {
      throw IoError("cannot remove {}: {}", place.string(), error.message());
    }
  }
  for (const std::string& suffix : replacement.files) {
    const fs::path file = with_suffix(finished, suffix);
    if (fs::exists(file)) put_over(file, with_suffix(index, suffix));
  }
  sync_to_disk(index.parent_path());
  put_over(origin_path(finished), origin_path(index));
  sync_to_disk(index.parent_path());
}

/// What is to be done with the files that an index can have.
Replacement plan(const fs::path& index, const fs::path& folder, const std::vector<std::string>& suffixes) {
  const std::string name = folder.filename().string();
  const auto parsed = parse_temporary_name(name);
  Replacement replacement{.folder = name.substr(1 + parsed.value().original.size()), .files = {}, .removed = {}};
  for (const std::string& suffix : suffixes) {
    const bool is_new = fs::exists(with_suffix(folder / index.filename(), suffix));
    (is_new ? replacement.files : replacement.removed).push_back(suffix);
  }
  return replacement;
}

}  // namespace

void replace_index(const fs::path& index, const fs::path& folder, const std::vector<std::string>& suffixes,
                   bool overwrite) {
  const fs::path finished = folder / index.filename();
  const Replacement replacement = plan(index, folder, suffixes);
  const fs::path announcement = folder / kReplacement;
  write_file_atomically(announcement, to_text(replacement));
  JointMove move(folder / "before", overwrite);
  move.put(announcement, origin_path(index));
  sync_to_disk(index.parent_path());
  for (const std::string& suffix : replacement.removed) move.remove(with_suffix(index, suffix));
  for (const std::string& suffix : replacement.files) {
    move.put(with_suffix(finished, suffix), with_suffix(index, suffix));
  }
  sync_to_disk(index.parent_path());
  put_over(origin_path(finished), origin_path(index));
  move.commit();
  sync_to_disk(index.parent_path());
}

bool finish_replacement(const fs::path& index) {
  const std::optional<Replacement> replacement = find_replacement(index);
  if (!replacement) return true;
  const std::optional<fs::path> folder = find_folder(index, *replacement);
  if (!folder) return !find_replacement(index);  // another process may have finished it meanwhile
  const Descriptor lock = lock_folder(*folder, index);
  if (!find_replacement(index)) return true;
  if (!is_whole(index, *folder, *replacement)) return false;
  try {
    roll_forward(index, *folder, *replacement);
  } catch (const IoError& error) {
    throw IoError("{}: a process was killed while it replaced this index, and the rest of that cannot be done: {}",
                  index.string(), error.what());
  }
  std::error_code ignored;  // the next writer removes it
  fs::remove_all(*folder, ignored);
  return true;
}

}  // namespace albert::inference
