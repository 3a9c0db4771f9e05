#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// How the files of an index take their places together. While they do, what stands in the place of the index's origin
/// (inference/vector_origin.h) says so: where the new files lie, and which of them there are. Whoever finds that after
/// a kill does the rest of the work, so that the old index is there or the new one.
namespace albert::inference {

/// Puts the files of a new index in their places. Its origin is the last one.
/// \param index the .npy file
/// \param folder hidden, beside the index, and locked (base/temporary_entry.h); holds the new files, whole on the disk,
///     under their final names
/// \param suffixes what the names of the files of an index have behind the name of the index, its origin left out: a
///     file that lies in the folder is put in its place, any other one is removed from its place
/// \param overwrite whether a file may lie in one of the places
/// Throws IoError, UsageError for a file that may not; then every file is as it was.
void replace_index(const std::filesystem::path& index, const std::filesystem::path& folder,
                   const std::vector<std::string>& suffixes, bool overwrite);

/// Finishes a replacement that was stopped by a kill.
/// \return false if it cannot be finished, because files are gone that it needs: only parts of an index are there. True
///     if there is nothing left to do
/// Throws UsageError if another process is at it; IoError.
bool finish_replacement(const std::filesystem::path& index);

}  // namespace albert::inference
