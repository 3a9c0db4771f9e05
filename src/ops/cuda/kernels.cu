#include <cuda_runtime.h>

#include "ops/cuda/activation.h"
#include "ops/cuda/cross_entropy.h"
#include "ops/cuda/dropout.h"
#include "ops/cuda/layer_norm.h"

namespace albert::ops::cuda {

namespace {

constexpr unsigned kWarp = 32;
constexpr unsigned kAllLanes = 0xffffffff;
constexpr int kMaxWarps = 16;  // of a team
constexpr int kMaxTeam = kMaxWarps * kWarp;
constexpr int kElementwise = 128;  // threads of a block whose threads have nothing to do with one another
constexpr std::int64_t kMaxBlocksAcross = 65535;  // in the second dimension of a grid

/// The threads of a block, which are whole warps. Sums are taken in a fixed order.
class BlockTeam {
 public:
  __device__ explicit BlockTeam(float* shared) : shared_(shared) {}

  __device__ static int rank() { return static_cast<int>(threadIdx.x); }
  __device__ static int size() { return static_cast<int>(blockDim.x); }

  template <int kCount>
  __device__ void sum(float (&values)[kCount]) {
    static_assert(kCount <= 2);
    for (float& value : values) {
      for (unsigned other = kWarp / 2; other > 0; other /= 2) value += __shfl_xor_sync(kAllLanes, value, other);
    }
    share(values);
    for (int i = 0; i < kCount; ++i) {
      values[i] = 0;
      for (int warp = 0; warp < num_warps(); ++warp) values[i] += shared_[i * kMaxWarps + warp];
    }
  }

  __device__ float largest(float value) {
    for (unsigned other = kWarp / 2; other > 0; other /= 2)
      value = fmaxf(value, __shfl_xor_sync(kAllLanes, value, other));
    float values[1] = {value};
    share(values);
    for (int warp = 0; warp < num_warps(); ++warp) value = fmaxf(value, shared_[warp]);
    return value;
  }

 private:
  __device__ static int num_warps() { return size() / static_cast<int>(kWarp); }

  /// What each warp has, for all of them to read.
  template <int kCount>
  __device__ void share(const float (&values)[kCount]) {
    __syncthreads();  // nobody reads any more what was shared before
    if (threadIdx.x % kWarp == 0) {
      for (int i = 0; i < kCount; ++i) shared_[i * kMaxWarps + threadIdx.x / kWarp] = values[i];
    }
    __syncthreads();
  }

  float* shared_;  ///< [2, kMaxWarps]
};

const char* error_of_launch() {
  switch (const cudaError_t error = cudaGetLastError()) {
    case cudaSuccess:
      return nullptr;
    case cudaErrorNoKernelImageForDevice:
      return "this GPU is older than compute capability 7.5, for which the kernels are made; compute on the CPU "
             "(train.device: cpu, --device cpu), or build the program without nvcc";
    default:
      return cudaGetErrorString(error);
  }
}

unsigned whole_warps(std::int64_t threads) {
  return static_cast<unsigned>((threads + kWarp - 1) / kWarp * kWarp);
}

unsigned pieces(std::int64_t size, std::int64_t piece) {
  return static_cast<unsigned>((size + piece - 1) / piece);
}

template <typename F, int kWidth, bool kBackward, typename T>
__global__ void __launch_bounds__(kElementwise) activate_columns(ActivationRows<T> rows) {
  const std::int64_t column = (std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x) * kWidth;
  if (column >= rows.columns) return;
  if constexpr (kBackward) {
    activate_backward<F, kWidth>(rows, column, blockIdx.y);
  } else {
    activate<F, kWidth>(rows, column, blockIdx.y);
  }
}

template <int kWidth, bool kBackward, typename T>
const char* launch_activation(const ActivationRows<T>& rows, void* stream) {
  const dim3 grid(pieces(rows.columns, kElementwise * kWidth), static_cast<unsigned>(rows.strips));
  with_activation(rows.activation, [&]<typename F>(F) {
    activate_columns<F, kWidth, kBackward><<<grid, kElementwise, 0, static_cast<cudaStream_t>(stream)>>>(rows);
  });
  return error_of_launch();
}

template <bool kBackward, typename T>
const char* bias_activation(const ActivationRows<T>& rows, void* stream) {
  const bool by_runs =
      has_runs(rows.columns, rows.product, rows.bias, rows.out, rows.grad, rows.grad_product, rows.bias_sums);
  return (by_runs ? launch_activation<kRun, kBackward, T> : launch_activation<1, kBackward, T>)(rows, stream);
}

template <typename T>
__global__ void __launch_bounds__(kElementwise) drop_elements(DropoutRows<T> rows) {
  const std::int64_t call = std::int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (call >= num_calls(rows.columns)) return;
  for (std::int64_t row = blockIdx.y; row < rows.rows; row += gridDim.y) drop(rows, row, call);
}

template <typename T>
const char* drop_rows(const DropoutRows<T>& rows, void* stream) {
  const std::int64_t calls = num_calls(rows.columns);
  const unsigned threads = whole_warps(calls < kElementwise ? calls : kElementwise);
  const dim3 grid(pieces(calls, threads),
                  static_cast<unsigned>(rows.rows < kMaxBlocksAcross ? rows.rows : kMaxBlocksAcross));
  drop_elements<<<grid, threads, 0, static_cast<cudaStream_t>(stream)>>>(rows);
  return error_of_launch();
}

template <int kCalls, bool kBackward, typename T>
__global__ void __launch_bounds__(kMaxTeam) normalise_rows(NormRows<T> rows) {
  __shared__ float shared[2 * kMaxWarps];
  BlockTeam team(shared);
  if constexpr (kBackward) {
    normalise_backward<kCalls>(rows, blockIdx.x, team);
  } else {
    normalise_row<kCalls>(rows, blockIdx.x, team);
  }
}

template <bool kBackward, typename T>
const char* layer_norm(const NormRows<T>& rows, void* stream) {
  const std::int64_t calls = num_calls(rows.columns);
  const auto blocks = static_cast<unsigned>(kBackward ? rows.strips : rows.rows);
  if (calls <= kMaxTeam) {
    normalise_rows<1, kBackward><<<blocks, whole_warps(calls), 0, static_cast<cudaStream_t>(stream)>>>(rows);
  } else {
    static_assert(kMaxNormColumns <= 2 * kMaxTeam * kOfCall);
    normalise_rows<2, kBackward><<<blocks, kMaxTeam, 0, static_cast<cudaStream_t>(stream)>>>(rows);
  }
  return error_of_launch();
}

template <int kWidth, bool kBackward, typename T>
__global__ void __launch_bounds__(kMaxTeam) compare_rows(CrossEntropyRows<T> rows) {
  __shared__ float shared[2 * kMaxWarps];
  BlockTeam team(shared);
  if constexpr (kBackward) {
    compare_row_backward<kWidth>(rows, blockIdx.x, team);
  } else {
    compare_row<kWidth>(rows, blockIdx.x, team);
  }
}

template <int kWidth, bool kBackward, typename T>
const char* launch_cross_entropy(const CrossEntropyRows<T>& rows, void* stream) {
  const std::int64_t runs = (rows.classes.count + kWidth - 1) / kWidth;
  const unsigned threads = whole_warps(runs < kMaxTeam ? runs : kMaxTeam);
  compare_rows<kWidth, kBackward>
      <<<static_cast<unsigned>(rows.rows), threads, 0, static_cast<cudaStream_t>(stream)>>>(rows);
  return error_of_launch();
}

template <bool kBackward, typename T>
const char* cross_entropy(const CrossEntropyRows<T>& rows, void* stream) {
  const bool by_runs = has_runs(rows.classes.count, rows.logits, rows.grad_logits);
  return (by_runs ? launch_cross_entropy<kRun, kBackward, T> : launch_cross_entropy<1, kBackward, T>)(rows, stream);
}

template <typename T>
constexpr Kernels<T> kKernels = {bias_activation<false, T>, bias_activation<true, T>, drop_rows<T>,
                                 layer_norm<false, T>,      layer_norm<true, T>,      cross_entropy<false, T>,
                                 cross_entropy<true, T>};

constexpr KernelTable kTable = {kKernels<float>, kKernels<Bfloat16>};

}  // namespace

const KernelTable* device_kernels() {
  return &kTable;
}

}  // namespace albert::ops::cuda
