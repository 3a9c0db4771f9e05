#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What this host is for the program. Each part is read by the function that bears its name in system.h,
/// folder_probe.h, speed.h or examine.h; advice.h says what of it is worth changing.
namespace albert::host {

struct Processor {
  std::string name;                           ///< as the system says it; empty if it does not
  std::vector<std::string> instruction_sets;  ///< those that products of matrices use, by the kernel's names: "avx2"
  std::string own_kernels;                    ///< what the program's own loops are compiled for: "avx512-bf16"
};

struct Cores {
  int online = 1;
  int allowed = 1;              ///< of them, by this process (taskset, cpusets)
  std::optional<double> quota;  ///< cores' worth of time that control groups grant; nothing: no limit

  /// How many threads can compute at the same time: at least 1.
  int usable() const;
};

/// In bytes.
struct Memory {
  std::uint64_t total = 0;
  std::uint64_t available = 0;         ///< to new work, within every limit
  std::optional<std::uint64_t> limit;  ///< the lowest of the control groups; nothing: none below `total`
};

struct LibTorch {
  std::string version;
  std::filesystem::path path;  ///< the file that it was loaded from
  std::string capability;      ///< the instruction set that it computes with: "AVX512"
  int num_threads = 1;         ///< that it takes where nobody says how many
  bool has_cuda = false;       ///< the program was built with CUDA
  int num_gpus = 0;            ///< that it can use
};

struct Gpus {
  std::vector<std::string> names;  ///< of NVIDIA's that the host has
  std::string driver;              ///< its version; empty if there is none
};

/// Products of matrices, in floating-point operations a second; of the device that `device: auto` takes.
struct Speed {
  double float32 = 0;
  double bfloat16 = 0;
  double int8 = 0;  ///< of prediction; 0: not measured, since the device has none
};

struct Locale {
  std::string name;     ///< what the environment asks for: "de_DE.UTF-8"; empty: nothing
  std::string charset;  ///< "UTF-8"; empty: the system has no such locale
};

struct OpenFiles {
  std::uint64_t limit = 0;
  std::uint64_t most = 0;  ///< that the process may raise its limit to
};

enum class Links {
  kNone,
  kText,  ///< a file with the name in it takes the place of one (base/link.h)
  kSymbolic,
};

/// A folder that runs are to lie in.
struct Folder {
  std::filesystem::path path;    ///< as it was asked for
  std::filesystem::path probed;  ///< itself, or the nearest one above it that is there
  std::string file_system;       ///< "ext4"; empty if unknown
  std::uint64_t free_bytes = 0;  ///< for this user
  std::string failure;           ///< why nothing can be written there; what follows is unknown then
  Links links = Links::kNone;
  bool has_locks = false;
  double sync_ms = 0;  ///< for a file of 1 MB, until the disk has it
};

struct Facts {
  Processor processor;
  Cores cores;
  Memory memory;
  LibTorch libtorch;
  Gpus gpus;
  Speed speed;
  std::string device;                ///< that `device: auto` takes: "cpu"
  bool auto_takes_bfloat16 = false;  ///< as `precision: auto`
  /// In which this processor predicts faster than in float32, the fastest first.
  std::vector<std::string> fast_precisions;
  Locale locale;
  OpenFiles open_files;
  std::string huge_pages;  ///< "always", "madvise" or "never"; empty if the kernel has none
  /// The variables that are set of those that change how fast the program computes.
  std::vector<std::pair<std::string, std::string>> variables;
  std::optional<Folder> folder;  ///< if one is asked for
};

}  // namespace albert::host
