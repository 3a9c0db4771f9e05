#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "corpus/min_hash.h"
#include "corpus/record_file.h"
#include "corpus/spool.h"

namespace albert::corpus {

/// The documents of several spools, numbered from 0 through all of them.
class SpooledDocuments {
 public:
  /// \param spools folders
  /// Throws IoError.
  explicit SpooledDocuments(const std::vector<std::filesystem::path>& spools);

  std::uint64_t size() const { return ends_.empty() ? 0 : ends_.back(); }
  /// The number of the first document of a spool.
  std::uint64_t first_of(std::size_t spool) const { return spool == 0 ? 0 : ends_[spool - 1]; }
  /// Any document, or its signature.
  /// Throws IoError, DataError.
  SpooledDocument document(std::uint64_t number) const;
  Signature signature(std::uint64_t number) const;

 private:
  struct Place {
    std::size_t spool;
    std::uint64_t index;
  };
  Place place_of(std::uint64_t number) const;

  std::vector<FileAccess> documents_;
  std::vector<FileAccess> signatures_;  ///< none where none were kept
  std::vector<std::uint64_t> ends_;
};

}  // namespace albert::corpus
