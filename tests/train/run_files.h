#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include "checkpoint/manifest.h"
#include "checkpoint/step_folders.h"
#include "checkpoint/training_state.h"
#include "support/write_file.h"

namespace albert::train::testing {

/// Writes a checkpoint without a model that `latest` leads to.
inline void put_checkpoint(const std::filesystem::path& run, const checkpoint::TrainState& state) {
  namespace fs = std::filesystem;
  const std::string name = checkpoint::name_of_step(state.step);
  const fs::path folder = run / "checkpoints" / name;
  fs::create_directories(folder);
  albert::testing::write_file(folder / checkpoint::kConfigFile, "{}");
  albert::testing::write_file(folder / checkpoint::kOptimizerFile, "moments");
  albert::testing::write_file(folder / checkpoint::kStateFile, checkpoint::to_json(state));
  checkpoint::write_manifest(folder);
  fs::remove(run / "checkpoints/latest");
  fs::create_directory_symlink(name, run / "checkpoints/latest");
}

/// Writes what a pretraining of 10 steps leaves after some of them.
inline void put_run(const std::filesystem::path& run, std::int64_t step) {
  std::filesystem::create_directories(run);
  albert::testing::write_file(run / "run.yaml", "train: {steps: 10}\n");
  albert::testing::write_file(run / "run.log", "2026-01-02 03:04:05 I albert 1: albert pretrain\n");
  std::string records;
  for (std::int64_t i = 1; i <= step; ++i) records += "{\"step\":" + std::to_string(i) + "}\n";
  albert::testing::write_file(run / "metrics.jsonl", records);
  put_checkpoint(run, {.step = step});
}

}  // namespace albert::train::testing
