#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "corpus/block_encoder.h"
#include "corpus/deduplicate.h"
#include "corpus/manifest.h"
#include "corpus/split_writer.h"

namespace albert::text {
class Tokenizer;
}

namespace albert::corpus {

/// What becomes of encoded documents in a corpus. It is among the settings of a manifest, from which a merge has it.
struct AssemblySettings {
  double held_out = 0.01;
  HeldOutBy held_out_by = HeldOutBy::kDocuments;
  Deduplicate deduplicate = Deduplicate::kNone;
  std::uint64_t max_documents_of_line = 0;  ///< a line of more documents is dropped; 0: none is

  /// Whether all documents must be known before the first is written.
  bool needs_spool() const { return deduplicate != Deduplicate::kNone || max_documents_of_line > 0; }

  void write_to(std::map<std::string, std::string>& settings) const;
  /// Throws DataError for settings that this program did not write.
  static AssemblySettings from(const std::map<std::string, std::string>& settings);
};

/// Writes the shards of a corpus from the encoded blocks of its documents, in their order, and counts what a manifest
/// says of them.
class Assembly {
 public:
  /// \param folder to write to
  Assembly(std::filesystem::path folder, const text::Tokenizer& tokenizer, const AssemblySettings& settings);
  ~Assembly();
  Assembly(const Assembly&) = delete;
  Assembly& operator=(const Assembly&) = delete;

  /// Adds the next block of the input; where no spool is needed.
  void add(const EncodedBlock& block);
  /// Adds all blocks of spools, one behind the other, but for duplicates and repeated lines, of which it writes lists.
  /// \param spools folders
  /// \param progress called now and then with the bytes of the spools that were read
  void add(const std::vector<std::filesystem::path>& spools, const std::function<void(std::uint64_t)>& progress);

  /// Documents written so far.
  std::uint64_t num_documents() const;

  /// Completes the corpus: shards and lists, a copy of the tokenizer, and the manifest.
  /// \param manifest with settings, and statistics of what was read
  /// \param tokenizer_folder copied; empty: the tokenizer is saved anew
  /// \return the whole manifest
  /// Throws DataError if there was no text; IoError.
  Manifest finish(Manifest manifest, const std::filesystem::path& tokenizer_folder);

 private:
  class Content;
  std::unique_ptr<Content> content_;
};

}  // namespace albert::corpus
