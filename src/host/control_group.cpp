#include "host/control_group.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/file.h"
#include "host/system_file.h"

namespace albert::host {

namespace {

/// Whether a list has a name: "cpu,cpuacct".
bool has_name(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const std::string_view part = list.substr(0, list.find(','));
    if (part == name) return true;
    list.remove_prefix(std::min(list.size(), part.size() + 1));
  }
  return false;
}

/// The folders of a group and of those that it is in, the outermost last.
/// \param base where the groups are mounted
/// \param path of the group, as /proc/self/cgroup has it; seen from within a container it may begin with "/.."
void add_groups(const fs::path& base, std::string_view path, std::vector<fs::path>& groups) {
  fs::path group = fs::path(path).relative_path();
  if (path.find("..") != std::string_view::npos) group.clear();
  for (; !group.empty(); group = group.parent_path()) groups.push_back(base / group);
  groups.push_back(base);
}

/// The folders of the groups by which a controller limits this process.
/// \param controller "cpu" or "memory"
std::vector<fs::path> groups_of(const fs::path& root, std::string_view controller) {
  const fs::path mount = root / "sys/fs/cgroup";
  const std::string text = read_system_file(root / "proc/self/cgroup");
  std::vector<fs::path> groups;
  for (const std::string_view line : lines_of(text)) {  // "4:cpu,cpuacct:/a/b", of the second version "0::/a/b"
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const std::string_view path = line.substr(second + 1);
    if (controllers.empty()) add_groups(mount, path, groups);
    if (!has_name(controllers, controller)) continue;
    add_groups(mount / controllers, path, groups);
    if (controllers != controller) add_groups(mount / controller, path, groups);
  }
  return groups;
}

std::optional<double> quota_of(const fs::path& group) {
  std::string quota = read_system_file(group / "cpu.cfs_quota_us");
  std::string period = read_system_file(group / "cpu.cfs_period_us");
  const std::string both = read_system_file(group / "cpu.max");  // "200000 100000", "max 100000"
  if (const auto words = words_of(both); words.size() == 2) {
    quota = words[0];
    period = words[1];
  }
  const auto granted = to_number(trimmed(quota));
  const auto time = to_number(trimmed(period));
  if (!granted || !time || *time == 0) return std::nullopt;
  return static_cast<double>(*granted) / static_cast<double>(*time);
}

/// The number behind a name in memory.stat.
std::uint64_t statistic(const fs::path& group, std::string_view name) {
  const std::string text = read_system_file(group / "memory.stat");
  for (const std::string_view line : lines_of(text)) {
    const auto words = words_of(line);
    if (words.size() == 2 && words[0] == name) return to_number(words[1]).value_or(0);
  }
  return 0;
}

std::optional<GroupMemory> memory_of(const fs::path& group) {
  const auto number = [&](const char* file) { return to_number(trimmed(read_system_file(group / file))); };
  const bool is_first = fs::exists(group / "memory.limit_in_bytes");
  const auto limit = number(is_first ? "memory.limit_in_bytes" : "memory.max");
  if (!limit) return std::nullopt;
  const std::uint64_t used = number(is_first ? "memory.usage_in_bytes" : "memory.current").value_or(0);
  return GroupMemory{*limit,
                     used - std::min(used, statistic(group, is_first ? "total_inactive_file" : "inactive_file"))};
}

}  // namespace

std::optional<double> read_core_quota(const fs::path& root) {
  std::optional<double> least;
  for (const fs::path& group : groups_of(root, "cpu")) {
    const auto quota = quota_of(group);
    if (quota && (!least || *quota < *least)) least = quota;
  }
  return least;
}

std::vector<GroupMemory> read_group_memory(const fs::path& root) {
  std::vector<GroupMemory> found;
  for (const fs::path& group : groups_of(root, "memory")) {
    if (const auto memory = memory_of(group)) found.push_back(*memory);
  }
  return found;
}

}  // namespace albert::host
