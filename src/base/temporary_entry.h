#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/descriptor.h"

namespace albert {

namespace fs = std::filesystem;

/// A file or folder that is written beside the one whose place it takes: ".NAME.1f0c29a4d7b38e56.partial". Its name
/// cannot be foreseen and is made anew, so that nothing that lies there already, a link above all, is ever written to
/// or emptied. It is marked by its sticky bit, which nobody else sets on such a name, and locked while its writer
/// lives: what a killed one left is recognised by name, owner, mark, and the lock that is gone, and removed by the next
/// one that writes the same destination.
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
  /// Takes the mark off, before it gets its final name.
  void unmark() const;
  /// It has got its final name.
  void release() { released_ = true; }

 private:
  void create(Kind kind);
  bool lock() const;

  fs::path path_;
  std::optional<Descriptor> descriptor_;
  bool released_ = false;
};

/// Marks a file or folder that is being removed, so that the next one that writes the destination removes what a kill
/// leaves of it.
/// \param path with a temporary name; where it cannot be marked, it stays as it is
void mark_leftover(const fs::path& path);

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
