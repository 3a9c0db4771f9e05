#include "ops/fast.h"
#include "ops/fast_support.h"

namespace albert::ops::fast {

void add_bias(const at::Tensor& x, const at::Tensor& bias) {
  const at::Tensor shift = bias.contiguous();
  const std::int64_t columns = x.size(1);
  with_type(x.scalar_type(), [&]<typename T>(T) {
    for_rows(x.size(0), [&](std::int64_t begin, std::int64_t end) {
      kernels::kernels_of<T>().add_bias(data<T>(x) + begin * columns, data<float>(shift), end - begin, columns);
    });
  });
}

at::Tensor sum_of_rows(const at::Tensor& x) {
  const at::Tensor rows = x.contiguous();
  const std::int64_t columns = rows.size(1);
  at::Tensor total;
  with_type(rows.scalar_type(), [&]<typename T>(T) {
    total = sum_over_rows(rows.size(0), columns, [&](std::int64_t begin, std::int64_t end, float* sum) {
      kernels::kernels_of<T>().column_sum(data<T>(rows) + begin * columns, sum, end - begin, columns);
    });
  });
  return total;
}

void add_to(const at::Tensor& sum, const at::Tensor& x) {
  constexpr std::int64_t kElementsAtLeast = std::int64_t{1} << 15;  // of a thread
  with_type(x.scalar_type(), [&]<typename T>(T) {
    at::parallel_for(0, x.numel(), kElementsAtLeast, [&](std::int64_t begin, std::int64_t end) {
      kernels::kernels_of<T>().column_sum(data<T>(x) + begin, data<float>(sum) + begin, 1, end - begin);
    });
  });
}

}  // namespace albert::ops::fast
