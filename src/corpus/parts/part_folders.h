#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "corpus/parts/part_manifest.h"

namespace albert::corpus {

/// A part that lies in a folder.
struct FoundPart {
  std::filesystem::path folder;
  PartManifest manifest;
};

/// The part that lies in a folder already, if it is whole and what would be made there.
/// \param expected of which what the part holds is not looked at
/// \param read_text gives the checksum of the text that the part would be made of, see text_checksum_of(); it is asked
/// for at last
/// Throws UsageError if it is another one, or of another text, or damaged; as read_text.
std::optional<PartManifest> find_whole_part(const std::filesystem::path& folder, const PartManifest& expected,
                                            const std::function<std::string()>& read_text);

/// Why a folder is not replaced by a part of a kind; empty if it holds one of the same kind and nothing else.
std::string why_no_part(const std::filesystem::path& folder, PartKind kind);

/// The parts of one corpus or sample, in their order.
/// \param folders parts, or folders that hold parts
/// \param program_version of this program: files of records are read as the version that wrote them lays them out
/// Throws DataError for a part that is missing, there twice, or of another input, tokenizer, program or other settings;
/// for a folder without parts; as read_part_manifest().
std::vector<FoundPart> find_parts(const std::vector<std::filesystem::path>& folders, PartKind kind,
                                  const std::string& program_version);

/// Reads every byte of the parts.
/// Throws DataError naming the first one that is damaged; Error when stopped by a signal.
void check_content(const std::vector<FoundPart>& parts);

}  // namespace albert::corpus
