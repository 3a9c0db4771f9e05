#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

/// The limits that Linux's control groups set, by which containers, Slurm and systemd share a machine. Of the group that
/// this process is in, and of all that this one is in; both versions of the interface (cgroups(7)).
namespace albert::host {

/// The fewest cores' worth of time that a group grants; nothing: no limit.
/// \param root stands for "/"
std::optional<double> read_core_quota(const std::filesystem::path& root);

/// In bytes.
struct GroupMemory {
  std::uint64_t limit = 0;
  std::uint64_t used = 0;  ///< without what the kernel gives back when it is needed: pages of files
};

/// Of each group that has a limit.
std::vector<GroupMemory> read_group_memory(const std::filesystem::path& root);

}  // namespace albert::host
