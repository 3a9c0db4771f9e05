#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "corpus/files/inputs.h"
#include "corpus/reading/reader_options.h"

namespace albert::corpus {

/// One of the parts that an input is worked on in.
struct PartOfInput {
  static constexpr std::uint64_t kMaxParts = 99'999;  ///< so that names sort

  std::uint64_t number = 1;  ///< from 1 to `count`
  std::uint64_t count = 1;

  bool operator==(const PartOfInput&) const = default;
};

/// "3/8": the third of eight.
/// Throws UsageError for anything else.
PartOfInput parse_part(const std::string& text);
std::string to_string(const PartOfInput& part);

/// "part-00003-of-00008": what a part is called among the others.
std::string name_of(const PartOfInput& part);

/// What parts of one input have in common.
struct InputIdentity {
  std::uint64_t num_files = 0;
  std::uint64_t size_bytes = 0;
  /// Of the names (without folders) and sizes of the files, in their order, and of the beginning, middle and end of each.
  std::string checksum;

  bool operator==(const InputIdentity&) const = default;
};

/// What a part reads.
struct InputShare {
  std::vector<InputFile> files;
  InputIdentity whole;

  bool is_pipe() const { return files.size() == 1 && !files.front().size_bytes; }
};

/// The share of an input that belongs to a part: the documents that begin in the part's share of the bytes. A document
/// is in one part; the parts, one after another, are the input. A share may be empty. Of a file no more is read than
/// the share, and the document that its end is in.
///
/// What comes through a pipe cannot be cut: where all the input is one pipe, it is the part already, and the parts
/// together are as so many pipes read by one program. The same holds for standard input, also where it is a file.
/// Throws UsageError for a pipe among other input; as find_document_begin() and IoError.
InputShare share_of(const std::vector<InputFile>& files, const PartOfInput& part, const ReaderOptions& options);

/// A checksum that tells the text of a share from another text of the same size: of a file, that of its first and last
/// 64 KiB and of as much after every 16 MiB, so that little is read; of a pipe, that of all its bytes, which are read.
/// Throws IoError for a pipe; of a file that cannot be read, that counts.
std::string text_checksum_of(const InputShare& share);

}  // namespace albert::corpus
