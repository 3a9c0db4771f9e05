#include "host/advice.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/counted.h"
#include "base/progress.h"
#include "base/shown.h"

namespace albert::host {

namespace {

/// A measurement of one second says no more than this of which of two is faster.
constexpr double kClearlyFaster = 1.2;
/// A training of ALBERT-base takes about this at least (albert info base-v2 --batch-size 1 --sequence-length 128).
constexpr std::uint64_t kFewMemoryBytes = 500'000'000;
/// Six checkpoints of ALBERT-base, as many as a run of the default settings keeps while it writes one.
constexpr std::uint64_t kFewDiskBytes = 1'000'000'000;
constexpr std::uint64_t kFewOpenFiles = 256;
constexpr double kSlowSyncMs = 1000;

/// Gathers advice.
class Adviser {
 public:
  explicit Adviser(const Facts& facts) : facts_(facts) {}

  std::vector<Advice> advise() {
    advise_on_precision();
    advise_on_prediction();
    advise_on_instructions();
    advise_on_threads();
    advise_on_gpus();
    advise_on_system();
    if (facts_.folder) advise_on_folder(*facts_.folder);
    std::ranges::stable_sort(found_, std::ranges::greater(), &Advice::weight);
    return std::move(found_);
  }

 private:
  template <typename... Args>
  void add(Weight weight, fmt::format_string<Args...> format, Args&&... args) {
    found_.push_back({weight, fmt::format(format, std::forward<Args>(args)...)});
  }

  /// Null if it is not set.
  const std::string* variable(std::string_view name) const {
    const auto found = std::ranges::find(facts_.variables, name, [](const auto& one) { return one.first; });
    return found == facts_.variables.end() ? nullptr : &found->second;
  }

  bool has(std::string_view instruction_set) const {
    return std::ranges::find(facts_.processor.instruction_sets, instruction_set) !=
           facts_.processor.instruction_sets.end();
  }

  void advise_on_precision() {
    const double chosen = facts_.auto_takes_bfloat16 ? facts_.speed.bfloat16 : facts_.speed.float32;
    const double other = facts_.auto_takes_bfloat16 ? facts_.speed.float32 : facts_.speed.bfloat16;
    if (chosen <= 0 || other < kClearlyFaster * chosen) return;
    const char* const name = facts_.auto_takes_bfloat16 ? "float32" : "bfloat16";
    add(Weight::kSlow,
        "precision: auto takes {} here, but products in {} are {:.1f} times as fast; set train.precision={}",
        facts_.auto_takes_bfloat16 ? "bfloat16" : "float32", name, other / chosen, name);
  }

  /// Says if products are faster in another precision than the one that `--precision auto` of predict asks for first.
  void advise_on_prediction() {
    if (facts_.device != "cpu") return;
    const std::pair<std::string_view, double> measured[] = {
        {"float32", facts_.speed.float32}, {"bfloat16", facts_.speed.bfloat16}, {"int8", facts_.speed.int8}};
    const std::string first = facts_.fast_precisions.empty() ? "float32" : facts_.fast_precisions.front();
    const auto* const chosen = std::ranges::find(measured, first, [](const auto& one) { return one.first; });
    const auto* const fastest = std::ranges::max_element(measured, {}, [](const auto& one) { return one.second; });
    if (chosen->second <= 0 || fastest->second < kClearlyFaster * chosen->second) return;
    add(Weight::kSlow,
        "to predict: --precision auto takes {} first here, but products in {} are {:.1f} times as fast; give "
        "--precision {} where a model is as good in it (albert evaluate)",
        first, fastest->first, fastest->second / chosen->second, fastest->first);
  }

  void advise_on_instructions() {
    for (const char* name :
         {"ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA", "MKL_ENABLE_INSTRUCTIONS"}) {
      if (const std::string* value = variable(name)) {
        add(Weight::kSlow, "{}={} keeps LibTorch from instructions that the processor may have; unset it", name,
            shortened(*value));
      }
    }
    if (facts_.processor.own_kernels == "baseline" && !facts_.processor.name.empty() && !has("asimd")) {
      add(Weight::kSlow,
          "the processor has no AVX2, and the program's own loops take their slow form; take a processor with AVX2{}",
          has("avx2") ? " and FMA" : "");
    }
    if (facts_.libtorch.capability == "AVX2" && has("avx512f") && variable("ATEN_CPU_CAPABILITY") == nullptr) {
      add(Weight::kNote, "the processor has AVX-512, but LibTorch computes with AVX2; take another build of LibTorch");
    }
  }

  void advise_on_threads() {
    const int usable = facts_.cores.usable();
    const int threads = facts_.libtorch.num_threads;
    if (threads > usable) {
      add(Weight::kSlow, "{} would share {}{}; set train.threads={} (elsewhere --threads {}), or OMP_NUM_THREADS={}",
          counted(threads, "thread"), counted(usable, "core"),
          facts_.cores.quota
              ? fmt::format(", as a control group grants {:.2g} of {}", *facts_.cores.quota, facts_.cores.online)
              : "",
          usable, usable, usable);
    }
    for (const char* name : {"OMP_NUM_THREADS", "MKL_NUM_THREADS", "OMP_THREAD_LIMIT"}) {
      if (threads >= usable || variable(name) == nullptr) continue;
      add(Weight::kSlow, "{}={} leaves {} of {} idle; unset it, or set train.threads={}", name,
          shortened(*variable(name)), usable - threads, counted(usable, "core"), usable);
      break;
    }
    const std::string* const policy = variable("OMP_WAIT_POLICY");
    const bool is_active = policy != nullptr && (*policy == "active" || *policy == "ACTIVE");
    if (is_active || (policy == nullptr && variable("GOMP_SPINCOUNT") != nullptr)) {
      const char* const name = is_active ? "OMP_WAIT_POLICY" : "GOMP_SPINCOUNT";
      add(Weight::kSlow,
          "{}={} lets threads that wait spin, which slows a machine with other work several times; unset it", name,
          shortened(*variable(name)));
    }
  }

  void advise_on_gpus() {
    const bool has_gpu = !facts_.gpus.names.empty();
    if (has_gpu && !facts_.libtorch.has_cuda) {
      add(Weight::kSlow, "there is a GPU ({}), but the program was built without CUDA; build it with the preset 'cuda'",
          facts_.gpus.names.front());
    }
    if (!facts_.libtorch.has_cuda || facts_.libtorch.num_gpus > 0) return;
    const std::string* const visible = variable("CUDA_VISIBLE_DEVICES");
    if (has_gpu && visible != nullptr) {
      add(Weight::kSlow, "CUDA_VISIBLE_DEVICES={} hides the GPUs of this host; unset it", in_quotes(*visible));
    } else {
      add(Weight::kSlow, "the program was built with CUDA, but {}",
          has_gpu ? "cannot use the GPU; see what nvidia-smi says, and whether the driver is as new as CUDA 13 asks for"
                  : "no GPU is visible to it: it computes on the processor; see what nvidia-smi says");
    }
  }

  void advise_on_system() {
    if (facts_.memory.total > 0 && facts_.memory.available < kFewMemoryBytes) {
      add(Weight::kFails,
          "{} of memory are available, but a training of ALBERT-base takes {} at least; free some, raise the limit, or "
          "take a smaller model",
          format_bytes(facts_.memory.available), format_bytes(kFewMemoryBytes));
    }
    if (facts_.open_files.limit < kFewOpenFiles) {
      add(Weight::kFails, "the limit of open files is {}: expected at least {}; {}", facts_.open_files.limit,
          kFewOpenFiles,
          facts_.open_files.most >= kFewOpenFiles ? "raise it: ulimit -n 1024"
                                                  : "let whoever administers the host raise its hard limit");
    }
    if (facts_.huge_pages == "never") {
      add(Weight::kSlow,
          "the kernel gives no huge pages, so that memory for tensors comes in pieces of 4 kB; as root: echo madvise > "
          "/sys/kernel/mm/transparent_hugepage/enabled");
    }
    if (facts_.locale.charset.empty()) {
      add(Weight::kNote, "the system has no locale {}; set LC_ALL=C.UTF-8", in_quotes(facts_.locale.name));
    } else if (facts_.locale.charset != "UTF-8") {
      add(Weight::kNote,
          "the locale says that the terminal shows {}, but the program writes UTF-8; set LC_ALL=C.UTF-8 if letters "
          "look wrong",
          facts_.locale.charset);
    }
  }

  void advise_on_folder(const Folder& folder) {
    if (!folder.failure.empty()) {
      return add(Weight::kFails, "no run can lie in {}: {}; name another folder", folder.path.string(), folder.failure);
    }
    const std::string place = folder.probed.string();
    if (folder.links == Links::kNone) {
      add(Weight::kFails, "{} takes neither links nor files in their place, which a run needs; name another folder",
          place);
    }
    if (folder.free_bytes < kFewDiskBytes) {
      add(Weight::kFails,
          "{} are free in {}, but the checkpoints of an ALBERT-base take {}; free some (albert clean), or name another "
          "folder",
          format_bytes(folder.free_bytes), place, format_bytes(kFewDiskBytes));
    }
    if (!folder.has_locks) {
      add(Weight::kNote, "{} knows no locks: see to it yourself that no two commands train in one folder", place);
    }
    if (folder.sync_ms > kSlowSyncMs) {
      add(Weight::kSlow,
          "{} takes {:.1f} s until 1 MB is on the disk, and a training waits for its checkpoints; raise "
          "checkpoint.every, "
          "or name a folder on another disk",
          place, folder.sync_ms / 1000);
    }
    if (folder.file_system == "tmpfs" || folder.file_system == "ramfs") {
      add(Weight::kNote, "{} lies in memory: its runs are gone when the host starts anew; name a folder on a disk",
          place);
    }
  }

  const Facts& facts_;
  std::vector<Advice> found_;
};

}  // namespace

std::vector<Advice> advice_for(const Facts& facts) {
  return Adviser(facts).advise();
}

std::optional<ExitCode> exit_code_of(const std::vector<Advice>& advice) {
  const bool fails = std::ranges::any_of(advice, [](const Advice& one) { return one.weight == Weight::kFails; });
  return fails ? std::optional(ExitCode::kIo) : std::nullopt;  // memory, files, disk: the system would refuse
}

std::string to_string(Weight weight) {
  switch (weight) {
    case Weight::kNote:
      return "note";
    case Weight::kSlow:
      return "slow";
    case Weight::kFails:
      return "fails";
  }
  throw InternalError("a weight of {}", static_cast<int>(weight));
}

}  // namespace albert::host
