#include "cli/compute_options.h"

#include <map>
#include <string>

#include <CLI/CLI.hpp>

namespace albert::cli {

void add_compute_options(CLI::App& command, model::ComputeConfig& compute) {
  using model::DeviceChoice, model::PrecisionChoice;
  static const std::map<std::string, DeviceChoice> kDevices{
      {"auto", DeviceChoice::kAuto}, {"cpu", DeviceChoice::kCpu}, {"cuda", DeviceChoice::kCuda}};
  static const std::map<std::string, PrecisionChoice> kPrecisions{{"float32", PrecisionChoice::kFloat32},
                                                                  {"bfloat16", PrecisionChoice::kBFloat16}};
  compute.precision = PrecisionChoice::kFloat32;
  command.add_option("--device", compute.device, "Where to compute: auto, cpu or cuda [auto]")
      ->transform(CLI::CheckedTransformer(kDevices));
  command.add_option("--precision", compute.precision, "Type of the matrix products: float32 or bfloat16 [float32]")
      ->transform(CLI::CheckedTransformer(kPrecisions));
  command.add_option("--threads", compute.threads, "Threads of the tensor operations [one per core]")
      ->check(CLI::NonNegativeNumber);
}

}  // namespace albert::cli
