#include "host/system.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string_view>

#include <langinfo.h>
#include <locale.h>
#include <sys/resource.h>

#include "base/error.h"
#include "base/file.h"
#include "host/control_group.h"
#include "host/system_file.h"

namespace albert::host {

namespace {

/// As /proc/cpuinfo names them: of x86-64, then of ARM.
constexpr std::array<std::string_view, 11> kInstructionSets{"avx2",        "avx512f",     "avx512_vnni", "avx_vnni",
                                                            "avx512_bf16", "avx512_fp16", "amx_int8",    "amx_bf16",
                                                            "asimd",       "sve",         "bf16"};

constexpr std::array<const char*, 27> kVariables{
    "OMP_NUM_THREADS",
    "OMP_THREAD_LIMIT",
    "OMP_WAIT_POLICY",
    "OMP_PROC_BIND",
    "OMP_PLACES",
    "OMP_DYNAMIC",
    "GOMP_SPINCOUNT",
    "GOMP_CPU_AFFINITY",
    "KMP_AFFINITY",
    "KMP_BLOCKTIME",
    "MKL_NUM_THREADS",
    "MKL_DYNAMIC",
    "MKL_ENABLE_INSTRUCTIONS",
    "MKL_DEBUG_CPU_TYPE",
    "MKL_CBWR",
    "ONEDNN_MAX_CPU_ISA",
    "DNNL_MAX_CPU_ISA",
    "ONEDNN_DEFAULT_FPMATH_MODE",
    "DNNL_DEFAULT_FPMATH_MODE",
    "ONEDNN_PRIMITIVE_CACHE_CAPACITY",
    "LRU_CACHE_CAPACITY",
    "ATEN_CPU_CAPABILITY",
    "CUDA_VISIBLE_DEVICES",
    "CUDA_LAUNCH_BLOCKING",
    "GLIBC_TUNABLES",
    "LD_PRELOAD",
    "LD_LIBRARY_PATH",
};

/// What stands behind "name:" in a file of such lines; empty if no line has the name.
std::string value_of(std::string_view text, std::string_view name) {
  for (const std::string_view line : lines_of(text)) {
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && trimmed(line.substr(0, colon)) == name) {
      return std::string(trimmed(line.substr(colon + 1)));
    }
  }
  return {};
}

/// Of "15672360 kB".
std::uint64_t bytes_of(const std::string& kilobytes) {
  return std::uint64_t{1024} * to_number(kilobytes.substr(0, kilobytes.find(' '))).value_or(0);
}

/// Whether a path is a folder, or lies below it.
bool is_within(const std::string& path, const std::string& folder) {
  return folder == "/" || path == folder || path.starts_with(folder + "/");
}

/// As the kernel writes blanks in paths: "\040".
std::string without_escapes(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    int code = 0;
    const char* const begin = text.data() + i + 1;
    const bool is_escape =
        text[i] == '\\' && text.size() - i > 3 && std::from_chars(begin, begin + 3, code, 8).ptr == begin + 3;
    plain += is_escape ? static_cast<char>(code) : text[i];
    if (is_escape) i += 3;
  }
  return plain;
}

}  // namespace

int Cores::usable() const {
  const int granted = quota ? static_cast<int>(std::ceil(*quota - 0.01)) : allowed;
  return std::clamp(granted, 1, std::max(1, allowed));
}

int count_listed(const std::string& list) {
  int count = 0;
  std::string_view rest = list;
  while (!rest.empty()) {
    const std::string_view part = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    const auto first = to_number(trimmed(part.substr(0, part.find('-'))));
    const auto last = to_number(trimmed(part.substr(part.find('-') + 1)));
    if (first && last && *last >= *first) count += static_cast<int>(*last - *first) + 1;
  }
  return count;
}

Processor read_processor(const fs::path& root) {
  const std::string text = read_system_file(root / "proc/cpuinfo");
  Processor processor;
  processor.name = value_of(text, "model name");
  const std::string flags = " " + value_of(text, "flags") + value_of(text, "Features") + " ";
  for (const std::string_view set : kInstructionSets) {
    if (flags.find(" " + std::string(set) + " ") != std::string::npos) processor.instruction_sets.emplace_back(set);
  }
  return processor;
}

Cores read_cores(const fs::path& root) {
  Cores cores;
  cores.online = std::max(1, count_listed(read_system_file(root / "sys/devices/system/cpu/online")));
  const int allowed = count_listed(value_of(read_system_file(root / "proc/self/status"), "Cpus_allowed_list"));
  cores.allowed = allowed > 0 ? std::min(allowed, cores.online) : cores.online;
  cores.quota = read_core_quota(root);
  return cores;
}

Memory read_memory(const fs::path& root) {
  const std::string text = read_system_file(root / "proc/meminfo");
  Memory memory;
  memory.total = bytes_of(value_of(text, "MemTotal"));
  memory.available = bytes_of(value_of(text, "MemAvailable"));
  for (const GroupMemory& group : read_group_memory(root)) {
    if (group.limit >= memory.total) continue;  // the first version writes "none" as a number beyond any memory
    memory.limit = std::min(memory.limit.value_or(group.limit), group.limit);
    memory.available = std::min(memory.available, group.limit - std::min(group.limit, group.used));
  }
  return memory;
}

Gpus read_gpus(const fs::path& root) {
  Gpus gpus;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(root / "proc/driver/nvidia/gpus", none)) {
    gpus.names.push_back(value_of(read_system_file(entry.path() / "information"), "Model"));
  }
  std::ranges::sort(gpus.names);
  // "NVRM version: NVIDIA UNIX x86_64 Kernel Module  580.95.05  Tue Sep 23 ..."; the open one has "Open Kernel Module".
  const std::string version = value_of(read_system_file(root / "proc/driver/nvidia/version"), "NVRM version");
  for (const std::string_view word : words_of(version)) {
    const bool is_number =
        word.find('.') != std::string_view::npos && word.find_first_not_of("0123456789.") == std::string_view::npos;
    if (is_number && gpus.driver.empty()) gpus.driver = word;
  }
  return gpus;
}

std::string read_huge_pages(const fs::path& root) {
  const std::string text = read_system_file(root / "sys/kernel/mm/transparent_hugepage/enabled");
  const std::size_t begin = text.find('[');
  return begin == std::string::npos ? "" : text.substr(begin + 1, text.find(']') - begin - 1);
}

std::string read_file_system(const fs::path& path, const fs::path& root) {
  const std::string text = read_system_file(root / "proc/self/mountinfo");
  std::string type;
  std::size_t longest = 0;
  for (const std::string_view line : lines_of(text)) {
    const std::size_t dash = line.find(" - ");
    const auto words = words_of(line.substr(0, dash));
    if (dash == std::string_view::npos || words.size() < 5) continue;
    const std::string place = without_escapes(words[4]);
    if (!is_within(path.string(), place) || place.size() < longest) continue;
    longest = place.size();  // of equal ones the last was mounted over the others
    const auto of_type = words_of(line.substr(dash + 3));
    type = of_type.empty() ? "" : std::string(of_type.front());
  }
  return type;
}

Locale read_locale() {
  Locale found;
  for (const char* variable : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(variable);
    if (value == nullptr || *value == '\0') continue;
    found.name = value;
    break;
  }
  if (const locale_t handle = ::newlocale(LC_CTYPE_MASK, "", nullptr)) {
    found.charset = ::nl_langinfo_l(CODESET, handle);
    ::freelocale(handle);
  }
  return found;
}

OpenFiles read_open_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) throw IoError::from_errno("cannot find the limit of open files");
  return {limit.rlim_cur, limit.rlim_max};
}

std::vector<std::pair<std::string, std::string>> read_variables() {
  std::vector<std::pair<std::string, std::string>> variables;
  for (const char* name : kVariables) {
    if (const char* value = std::getenv(name)) variables.emplace_back(name, value);
  }
  return variables;
}

}  // namespace albert::host
