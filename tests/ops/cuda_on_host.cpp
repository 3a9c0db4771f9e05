#include "ops/cuda_on_host.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "ops/cuda/activation.h"
#include "ops/cuda/cross_entropy.h"
#include "ops/cuda/dropout.h"
#include "ops/cuda/layer_norm.h"

namespace albert::ops::cuda {

namespace {

constexpr int kTeam = 4;
constexpr int kCalls = 32;  // of Philox that a thread has of a row

/// What the threads of a team have in common. They wait asleep: std::barrier spins, and there may be fewer cores than
/// threads.
class Meeting {
 public:
  /// Waits for all threads, and gives each of them what all had.
  std::array<float, kTeam> share(int rank, float value) {
    std::unique_lock lock(mutex_);
    coming_[static_cast<std::size_t>(rank)] = value;
    const int number = number_;
    if (++num_here_ < kTeam) {
      all_here_.wait(lock, [&] { return number_ != number; });
    } else {
      last_ = coming_;
      num_here_ = 0;
      ++number_;
      all_here_.notify_all();
    }
    return last_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable all_here_;
  std::array<float, kTeam> coming_{}, last_{};
  int num_here_ = 0, number_ = 0;
};

class HostTeam {
 public:
  HostTeam(Meeting& meeting, int rank) : meeting_(meeting), rank_(rank) {}

  int rank() const { return rank_; }
  static int size() { return kTeam; }

  template <int kCount>
  void sum(float (&values)[kCount]) {
    for (float& value : values) {
      const std::array<float, kTeam> all = meeting_.share(rank_, value);
      value = 0;
      for (const float other : all) value += other;
    }
  }

  float largest(float value) { return std::ranges::max(meeting_.share(rank_, value)); }

 private:
  Meeting& meeting_;
  int rank_;
};

/// Each of the team's threads does all blocks, one after the other.
template <typename Body>
const char* for_blocks(std::int64_t blocks, const Body& body) {
  Meeting meeting;
  std::vector<std::jthread> threads;
  for (int rank = 0; rank < kTeam; ++rank) {
    threads.emplace_back([&, rank] {
      HostTeam team(meeting, rank);
      for (std::int64_t block = 0; block < blocks; ++block) body(block, team);
    });
  }
  return nullptr;
}

template <int kWidth, bool kBackward, typename T>
void activate_columns(const ActivationRows<T>& rows) {
  with_activation(rows.activation, [&]<typename F>(F) {
    for (std::int64_t column = 0; column < rows.columns; column += kWidth) {
      for (std::int64_t strip = 0; strip < rows.strips; ++strip) {
        if constexpr (kBackward) {
          activate_backward<F, kWidth>(rows, column, strip);
        } else {
          activate<F, kWidth>(rows, column, strip);
        }
      }
    }
  });
}

template <bool kBackward, typename T>
const char* bias_activation(const ActivationRows<T>& rows, void* /*stream*/) {
  const bool by_runs =
      has_runs(rows.columns, rows.product, rows.bias, rows.out, rows.grad, rows.grad_product, rows.bias_sums);
  (by_runs ? activate_columns<kRun, kBackward, T> : activate_columns<1, kBackward, T>)(rows);
  return nullptr;
}

template <typename T>
const char* drop_rows(const DropoutRows<T>& rows, void* /*stream*/) {
  for (std::int64_t row = 0; row < rows.rows; ++row) {
    for (std::int64_t call = 0; call < num_calls(rows.columns); ++call) drop(rows, row, call);
  }
  return nullptr;
}

template <bool kBackward, typename T>
const char* layer_norm(const NormRows<T>& rows, void* /*stream*/) {
  if (num_calls(rows.columns) > kTeam * kCalls) return "too many columns";
  return for_blocks(kBackward ? rows.strips : rows.rows, [&](std::int64_t block, HostTeam& team) {
    if constexpr (kBackward) {
      normalise_backward<kCalls>(rows, block, team);
    } else {
      normalise_row<kCalls>(rows, block, team);
    }
  });
}

template <bool kBackward, typename T>
const char* cross_entropy(const CrossEntropyRows<T>& rows, void* /*stream*/) {
  const auto with_width = [&]<int kWidth>(std::integral_constant<int, kWidth>) {
    return for_blocks(rows.rows, [&](std::int64_t row, HostTeam& team) {
      if constexpr (kBackward) {
        compare_row_backward<kWidth>(rows, row, team);
      } else {
        compare_row<kWidth>(rows, row, team);
      }
    });
  };
  if (has_runs(rows.classes.count, rows.logits, rows.grad_logits))
    return with_width(std::integral_constant<int, kRun>());
  return with_width(std::integral_constant<int, 1>());
}

template <typename T>
constexpr Kernels<T> kKernels = {bias_activation<false, T>, bias_activation<true, T>, drop_rows<T>,
                                 layer_norm<false, T>,      layer_norm<true, T>,      cross_entropy<false, T>,
                                 cross_entropy<true, T>};

constexpr KernelTable kTable = {kKernels<float>, kKernels<Bfloat16>};

}  // namespace

}  // namespace albert::ops::cuda

namespace albert::ops::testing {

const cuda::KernelTable& kernels_on_host() {
  return cuda::kTable;
}

}  // namespace albert::ops::testing
