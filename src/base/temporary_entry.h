#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/descriptor.h"
#include "base/live_temporaries.h"

namespace albert {

namespace fs = std::filesystem;

/// A file or folder that is written beside the one whose place it takes: ".NAME.1f0c29a4d7b38e56.partial". Its name
/// cannot be foreseen and is made anew, so that nothing that lies there already, a link above all, is ever written to
/// or emptied. It is locked while its writer lives, and marked by its sticky bit, which nobody else sets on such a
/// name, from when it is locked until it has its final name: what a killed writer left is recognised by name, owner,
/// mark, and the lock that is gone, and removed by the next one that writes the same destination.
class TemporaryEntry {
 public:
  enum class Kind { kFile, kFolder };

  /// \param destination canonical
  /// Throws IoError; UsageError if another process is writing the same folder.
  TemporaryEntry(const fs::path& destination, Kind kind);
  ~TemporaryEntry();  ///< removes it, unless it was released
  TemporaryEntry(const TemporaryEntry&) = delete;
  TemporaryEntry& operator=(const TemporaryEntry&) = delete;

  const fs::path& path() const { return path_; }
  /// Open for writing where it is a file.
  const Descriptor& descriptor() const { return *descriptor_; }
  /// It has got its final name, where it loses the mark: a kill before leaves nothing that is not marked.
  void release();

 private:
  explicit TemporaryEntry(fs::path path) : path_(std::move(path)) {}
  void create(Kind kind);

  fs::path path_;
  std::optional<Descriptor> descriptor_;
  std::optional<LiveTemporary> live_;  ///< until it has its final name
  bool released_ = false;
};

/// Marks a folder that is to be replaced and removed, so that the next one that writes the destination removes what a
/// kill leaves of it under a temporary name; or takes the mark away. Where it cannot be marked, it stays as it is.
void mark_leftover(const fs::path& path, bool is_leftover = true);

/// A name of this kind for a destination, which nothing has yet.
/// \param extension "partial" for what is being written, "old" for what is being replaced
fs::path temporary_name(const fs::path& destination, std::string_view extension);

/// What such a name says.
struct TemporaryName {
  std::string original;   ///< the name of the destination
  std::string extension;  ///< "partial" or "old"
};

/// Nothing for a name of another form.
std::optional<TemporaryName> parse_temporary_name(std::string_view name);

}  // namespace albert
