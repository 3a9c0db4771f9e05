#include "parallel/launch.h"

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/shown.h"

namespace albert::parallel {

namespace {

constexpr std::int64_t kDefaultPort = 29500;  ///< PyTorch's
constexpr std::int64_t kMostRestarts = 1'000'000;
constexpr std::int64_t kLargestSize = 1 << 20;  ///< above it a number is no number of processes

constexpr const char* kByHand = "the environment (WORLD_SIZE)";

/// Reads variables, and says which launcher they are of when one is wrong.
class Variables {
 public:
  Variables(const Environment& environment, std::string launcher)
      : environment_(environment), launcher_(std::move(launcher)) {}

  std::int64_t number(const char* name, std::int64_t least, std::int64_t most) const {
    const std::optional<std::string> text = environment_(name);
    if (!text) {
      if (launcher_ == kByHand) throw UsageError("WORLD_SIZE is set, but {} is not; set both, or neither", name);
      throw UsageError("{} started this process, but {} is not set; start it by {} alone, or unset its variables",
                       launcher_, name, launcher_);
    }
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc() || end != text->data() + text->size() || value < least || value > most) {
      throw UsageError("{} (set by {}): expected a whole number from {} to {}, found {}", name, launcher_, least, most,
                       in_quotes(*text));
    }
    return value;
  }

  std::int64_t number(const char* name, std::int64_t least, std::int64_t most, std::int64_t missing) const {
    return environment_(name) ? number(name, least, most) : missing;
  }

  std::optional<std::string> text(const char* name) const { return environment_(name); }
  bool has(const char* name) const { return environment_(name).has_value(); }

  /// Reads rank and size, overall and on the host.
  Launch ranks(const char* rank, const char* size, const char* local_rank, const char* local_size) const {
    Launch launch;
    launch.launcher = launcher_;
    launch.size = static_cast<int>(number(size, 1, kLargestSize));
    launch.rank = static_cast<int>(number(rank, 0, launch.size - 1));
    launch.local_size = static_cast<int>(number(local_size, 1, launch.size, 1));
    launch.local_rank = static_cast<int>(number(local_rank, 0, launch.local_size - 1, 0));
    return launch;
  }

 private:
  const Environment& environment_;
  std::string launcher_;
};

std::uint16_t port_of(const Variables& variables, std::int64_t missing = kDefaultPort) {
  constexpr std::int64_t kLargest = 65535;
  return static_cast<std::uint16_t>(variables.number("MASTER_PORT", 1, kLargest, missing));
}

Launch of_torchrun(const Environment& environment) {
  const bool is_local = environment(kLocalLauncher).has_value();
  const bool is_torchrun = environment("TORCHELASTIC_RUN_ID").has_value();
  const Variables variables(environment, is_local ? "albert --ranks" : is_torchrun ? "torchrun" : kByHand);
  Launch launch = variables.ranks("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE");
  launch.restarts = variables.number("TORCHELASTIC_RESTART_COUNT", 0, kMostRestarts, 0);
  launch.run_id = variables.text("TORCHELASTIC_RUN_ID").value_or("none");
  if (launch.size == 1) return launch;
  const auto address = variables.text("MASTER_ADDR");
  if (!address) {
    throw UsageError(
        "WORLD_SIZE is {}, but MASTER_ADDR is not set: expected the host of rank 0, which others can reach",
        launch.size);
  }
  launch.address = *address;
  launch.port = port_of(variables);
  launch.has_agent = variables.text("TORCHELASTIC_USE_AGENT_STORE") == "True";
  return launch;
}

/// The first host of "node[03-05,09],other": node03.
std::string first_host(std::string_view list) {
  const std::size_t bracket = list.find('['), comma = list.find(',');
  if (bracket == std::string_view::npos || comma < bracket) return std::string(list.substr(0, comma));
  const std::string_view inside = list.substr(bracket + 1);
  return std::string(list.substr(0, bracket)) + std::string(inside.substr(0, inside.find_first_of(",-]")));
}

Launch of_slurm(const Environment& environment) {
  const Variables variables(environment, "Slurm's srun");
  Launch launch;
  launch.launcher = "Slurm's srun";
  launch.size = static_cast<int>(variables.number("SLURM_STEP_NUM_TASKS", 1, kLargestSize));
  launch.rank = static_cast<int>(variables.number("SLURM_PROCID", 0, launch.size - 1));
  launch.local_rank = static_cast<int>(variables.number("SLURM_LOCALID", 0, launch.size - 1, 0));
  const std::int64_t job = variables.number("SLURM_JOB_ID", 0, std::int64_t{1} << 40, 0);
  const std::int64_t step = variables.number("SLURM_STEP_ID", 0, std::int64_t{1} << 40, 0);
  launch.restarts = variables.number("SLURM_RESTART_COUNT", 0, kMostRestarts, 0);
  launch.run_id = std::to_string(job) + "." + std::to_string(step);
  if (launch.size == 1) return launch;
  std::string list = variables.text("SLURM_STEP_NODELIST").value_or("");
  if (list.empty()) list = variables.text("SLURM_JOB_NODELIST").value_or("");
  launch.address = variables.text("MASTER_ADDR").value_or(first_host(list));
  if (launch.address.empty()) {
    throw UsageError(
        "Slurm's srun started {} processes, but SLURM_STEP_NODELIST is not set; set MASTER_ADDR to the "
        "host of rank 0",
        launch.size);
  }
  // Jobs that share a host must not meet: the port is a function of the job and its step.
  constexpr std::int64_t kLowest = 20000, kPorts = 12000;
  launch.port = port_of(variables, kLowest + (job * 7 + step) % kPorts);
  return launch;
}

Launch of_open_mpi(const Environment& environment) {
  const Variables variables(environment, "Open MPI's mpirun");
  Launch launch = variables.ranks("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK",
                                  "OMPI_COMM_WORLD_LOCAL_SIZE");
  if (launch.size == 1) return launch;
  const bool is_one_host = launch.local_size == launch.size;
  const auto address = variables.text("MASTER_ADDR");
  if (!address && !is_one_host) {
    throw UsageError(
        "Open MPI's mpirun started {} processes on several hosts, but MASTER_ADDR is not set: add -x "
        "MASTER_ADDR=HOST, with the host of rank 0",
        launch.size);
  }
  launch.address = address.value_or("127.0.0.1");
  launch.port = port_of(variables);
  launch.run_id = variables.text("PMIX_NAMESPACE").value_or("mpi");
  return launch;
}

}  // namespace

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? std::optional<std::string>(value) : std::nullopt;
}

Launch find_launch(const Environment& environment) {
  Launch launch;
  if (environment("WORLD_SIZE")) {
    launch = of_torchrun(environment);
  } else if (environment("OMPI_COMM_WORLD_SIZE")) {
    launch = of_open_mpi(environment);
  } else if (environment("SLURM_STEP_NUM_TASKS") && environment("SLURM_PROCID")) {
    launch = of_slurm(environment);
  }
  if (launch.size > 1 && environment("TORCH_GLOO_LAZY_INIT").value_or("0") != "0") {
    throw UsageError("TORCH_GLOO_LAZY_INIT is set: with it ranks can wait for ever for one that died early; unset it");
  }
  return launch;
}

void write_error_file(const std::string& message) noexcept try {
  const auto path = environment("TORCHELASTIC_ERROR_FILE");
  if (!path) return;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::string seconds = std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now).count());
  // torchrun prints the call stack in the message's place.
  const nlohmann::json json = {
      {"message", {{"message", message}, {"extraInfo", {{"timestamp", seconds}, {"py_callstack", message}}}}}};
  FileWriter file(*path);
  file.write(dump_json(json));
  file.close();
} catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the log has the message
}

std::uint64_t descriptors_for(int size) {
  constexpr std::uint64_t kOwn = 64, kForEach = 4;
  return kOwn + kForEach * static_cast<std::uint64_t>(size);
}

std::vector<std::string> local_environment(int rank, int size, std::uint16_t port) {
  const std::string index = std::to_string(rank), count = std::to_string(size);
  return {std::string(kLocalLauncher) + "=" + count,
          "RANK=" + index,
          "WORLD_SIZE=" + count,
          "LOCAL_RANK=" + index,
          "LOCAL_WORLD_SIZE=" + count,
          "MASTER_ADDR=127.0.0.1",
          "MASTER_PORT=" + std::to_string(port),
          "TORCHELASTIC_USE_AGENT_STORE=True"};
}

}  // namespace albert::parallel
