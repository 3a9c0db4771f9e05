#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include "base/error.h"
#include "parallel/launch.h"

namespace albert::parallel {

struct GroupOptions {
  /// After how long a rank that gives no sign of life is given up, and all others end.
  std::chrono::seconds timeout{60};
  /// How long ranks wait for one another at the start: hosts of a cluster do not start together.
  std::chrono::seconds join_timeout{300};
  c10::Device device = c10::kCPU;  ///< of the tensors: decides between Gloo and NCCL
};

/// A sum that is on its way.
class Pending {
 public:
  virtual ~Pending() = default;
  /// Returns when the tensor holds the sum.
  virtual void wait() = 0;
};

/// The ranks of a training, over c10d: Gloo for tensors of the CPU, NCCL for those of CUDA. A single process is a group
/// too, in which nothing happens.
///
/// All ranks call the same functions in the same order. While a group lives, each rank gives signs of life, and watches
/// for those of the others. Where one is lost (it died, it hangs, its host cannot be reached) or fails, every other
/// rank says which one it was and on which host, and ends its process at once with ExitCode::kRanks: there is nothing
/// to unwind that would not wait for the lost one. So no function throws because a rank was lost, or the store was by
/// which they talk.
class Group {
 public:
  /// One process.
  Group();
  /// Waits for the others.
  /// Throws RanksError if they do not come, or cannot be reached.
  Group(const Launch& launch, const GroupOptions& options);
  /// Without leave(), nothing is waited for.
  ~Group();
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  int rank() const { return launch_.rank; }
  int size() const { return launch_.size; }
  /// Whether this rank writes what a run leaves: log, metrics, checkpoints.
  bool is_first() const { return launch_.rank == 0; }
  bool is_alone() const { return launch_.size == 1; }
  const Launch& launch() const { return launch_; }
  /// How many of this host's cores are for this rank: those that it may run on, shared evenly with the other ranks that
  /// may run on the same ones; at least one. 0 for a process alone.
  int num_cores() const;
  /// "rank 2 on node07"
  std::string name_of(int rank) const;

  /// Adds up a tensor over the ranks, in place.
  void sum(const at::Tensor& values);
  /// The same in the background: the tensor is not to be touched until the sum is waited for.
  std::unique_ptr<Pending> begin_sum(const at::Tensor& values);
  /// Gives all ranks the tensor of one, in place.
  void broadcast(const at::Tensor& values, int root = 0);
  /// Gives all ranks the text of rank 0.
  std::string broadcast(const std::string& text);
  /// The texts of all ranks, by rank.
  std::vector<std::string> gather(const std::string& text);

  /// Time that this rank has spent in waiting for sums and broadcasts. Stays 0 with NCCL, which waits on the GPU.
  double waited_s() const { return waited_s_; }

  /// At the end of common work: the others are not missed any more. Waits until rank 0 leaves, which may still have to
  /// save or to evaluate: most launchers end all processes soon after the first one ended.
  void leave();
  /// Tells the others that this rank ends, and why: they end too. Does not return if they had begun to end before.
  void fail(const std::string& why) noexcept;

 private:
  class Connection;
  struct Beginning;

  std::unique_ptr<Pending> begin(const at::Tensor& values, const Beginning& beginning);

  Launch launch_;
  std::unique_ptr<Connection> connection_;  ///< null: one process
  double waited_s_ = 0;
};

/// Does work as one of the ranks that this process was started as, and tells the others where it fails. A NumericalError
/// is none to tell of: all ranks find it in sums over all, or rank 0 does at the end, and each ends with it in order.
/// \param work takes the Group
template <typename Work>
auto as_rank(const GroupOptions& options, const Work& work) {
  Group group(find_launch(), options);
  try {
    auto result = work(group);
    group.leave();
    return result;
  } catch (const NumericalError&) {
    group.leave();
    throw;
  } catch (const std::exception& error) {
    group.fail(error.what());
    throw;
  }
}

}  // namespace albert::parallel
