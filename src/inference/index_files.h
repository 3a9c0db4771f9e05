#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/atomic_file.h"
#include "base/atomic_folder.h"
#include "base/mapped_file.h"
#include "base/output.h"
#include "inference/npy.h"
#include "inference/vector_origin.h"
#include "inference/vector_window.h"

/// The files of an index: the vectors in FILE.npy, and beside them their texts and their origin.
namespace albert::inference {

/// Where the texts of an index are kept, a line each: FILE.npy.txt or FILE.npy.jsonl.
std::filesystem::path kept_texts_path(const std::filesystem::path& index, VectorFormat format);

/// What lies beside vectors of tokens, each in a file FILE.npy.NAME.npy.
namespace token_files {
inline constexpr std::string_view kOffsets = "offsets";  ///< [N + 1] int64: where each text's rows begin
inline constexpr std::string_view kIds = "ids";          ///< [rows] int64: the tokens, in the vocabulary
/// [sum over the texts of K heads L L] float32: of each text its attention probabilities [K, heads, L, L]
inline constexpr std::string_view kAttention = "attention";
}  // namespace token_files
std::filesystem::path token_file_path(const std::filesystem::path& index, std::string_view name);

/// All files that an index can have, which a new one replaces or removes.
std::vector<std::filesystem::path> files_of_index(const std::filesystem::path& index);

/// The texts that lie beside an index, mapped.
class KeptTexts {
 public:
  /// The texts of an index; nothing if there are none.
  /// Throws DataError if they are not as many as the vectors.
  static std::optional<KeptTexts> open(const std::filesystem::path& index, std::int64_t num_vectors);

  /// Throws DataError that names file and line if they hold no text in UTF-8; IoError if the file was cut short.
  std::string text(std::int64_t row) const;

 private:
  KeptTexts(MappedFile file, VectorFormat format);

  MappedFile file_;
  VectorFormat format_;
  std::vector<std::uint64_t> begins_;  ///< [N + 1] of the lines
};

/// Writes an index: vectors, and beside them their texts and their origin. The files grow in a hidden folder and move
/// to their places together once all are whole on the disk. Where that fails, an older index is as it was; where a kill
/// stops it, the next one that writes or searches the index does the rest (inference/index_replacement.h).
class IndexWriter {
 public:
  /// \param output the .npy file
  /// \param size H of the vectors
  /// Throws UsageError for a name that does not end in .npy, for a file that is there and not to be replaced, where one
  /// lies that belongs to no index, but would be taken for the texts of this one, and if another process is writing the
  /// index; IoError.
  IndexWriter(const Output& output, VectorFormat format, std::int64_t size);

  /// \param vector [H]
  void add(std::span<const float> vector) { vectors_.add(vector); }
  /// \param lines with their line feeds, one for each vector
  void add_texts(std::string_view lines) { texts_.write(lines); }
  /// The writer of a file of token_files, whose vectors these are; it stays the index's.
  NpyWriter& add_integers(std::string_view name);
  NpyWriter& add_floats(std::string_view name);
  /// The origin is the last to appear: vectors and texts beside one are of one writing.
  void commit(const VectorOrigin& origin);

 private:
  void check_places() const;

  std::filesystem::path index_;
  bool overwrite_;
  VectorFormat format_;
  std::vector<std::filesystem::path> parts_before_;  ///< that were there when the work began
  AtomicFolder folder_;
  NpyWriter vectors_;
  std::map<std::string, NpyWriter, std::less<>> of_tokens_;  ///< by their names
  AtomicFile texts_;
};

}  // namespace albert::inference
