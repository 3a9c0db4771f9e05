#pragma once

#include <optional>

#include <c10/core/Device.h>

namespace albert::model {

/// Which of the GPUs that a process sees is for one of the ranks on its host: the one of the same number; or the only
/// one, where a launcher shows each rank its own, as `srun --gpus-per-task=1` does.
/// Throws UsageError where there are fewer.
int choose_gpu(int local_rank, int num_visible);

/// Where one of the ranks on a host computes.
/// \param asked nothing: CUDA where there is a GPU, else the CPU
/// \return the CPU where CUDA is asked for and there is none, too: set_up_compute() refuses that
/// Throws as choose_gpu().
c10::Device device_of_rank(std::optional<c10::DeviceType> asked, int local_rank);

}  // namespace albert::model
