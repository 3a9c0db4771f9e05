#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

/// One rule for all results that a command writes to where its --output says: what is there stays, unless --overwrite
/// is given. A file is then replaced whatever it holds, a folder only if it holds a result of the same kind. An empty
/// folder is no obstacle.
/// Written to without asking is what nothing is replaced of: a stream (base/destination.h), as /dev/stdout, whatever
/// the shell sends it to. A run directory has --resume in the place of --overwrite.
namespace albert {

namespace fs = std::filesystem;

struct Output {
  fs::path path;
  bool overwrite = false;
};

/// Throws UsageError if a file may not be written there.
void check_output_file(const Output& output);

/// Throws UsageError for a file that has come into being while the work went on, and is not to be replaced.
[[noreturn]] void refuse_to_replace(const fs::path& path);

/// A folder that a command writes: where, and what there may be replaced.
struct OutputFolder {
  fs::path path;
  bool overwrite = false;
  std::string kind;  ///< "corpus"
  /// Why a folder that is not empty holds no result of the kind: "it has no manifest.json"; empty if it holds one.
  std::function<std::string(const fs::path&)> why_foreign;

  /// Throws UsageError if it may not be written.
  void check() const;
  /// The same of what a folder holds: the one that is there, or was there until it was replaced.
  void check_content(const fs::path& folder) const;
};

}  // namespace albert
