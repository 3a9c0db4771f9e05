#pragma once

#include <cstdint>
#include <filesystem>

#include <sys/stat.h>

namespace albert {

/// Whether a file was read as a whole, although others may have written to it meanwhile. Of what is no regular file
/// nothing is known, and nothing said.
class WholeRead {
 public:
  /// \param descriptor open, before the first byte is read
  explicit WholeRead(int descriptor);

  /// At the end of the file.
  /// Throws IoError if the file has become shorter since it was opened; warns if it has been written to.
  /// \param path stands for it in messages
  void check(int descriptor, const std::filesystem::path& path) const;

 private:
  struct stat before_ {};
};

}  // namespace albert
