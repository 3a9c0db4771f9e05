#pragma once

#include <filesystem>

/// What a result takes to be there after a power cut, once it is reported as written: its bytes on the disk, and then
/// its name in the folder, which is a file of its own to the system. Every function throws IoError.
namespace albert {

namespace fs = std::filesystem;

/// The bytes of a file; of a folder, the names in it.
void sync_to_disk(const fs::path& path);

/// The names in the folder that a file or a folder lies in.
void sync_folder_of(const fs::path& path);

/// Gives a file or a folder another name: of a file that had it before, nothing is left.
void rename_file(const fs::path& from, const fs::path& to);

/// The same with a name that nothing has, unless something has got it meanwhile.
/// \return false if something has it: both are as they were
bool rename_to_free_name(const fs::path& from, const fs::path& to);

/// Gives a file or a folder, which is on the disk, another name, and syncs the folder of that name. A file that is
/// replaced hands its permissions on. Where that cannot be synced, it has its old name again, unless it has replaced
/// something.
void rename_durably(const fs::path& from, const fs::path& to);

/// Gives a file or a folder the permissions of the one that it is to replace, if that is there. Its own sticky bit
/// stays, which marks a TemporaryEntry.
void keep_permissions(const fs::path& replaced, const fs::path& path);

}  // namespace albert
