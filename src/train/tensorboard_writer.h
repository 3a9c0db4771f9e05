#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/file.h"
#include "metrics/figures.h"

namespace albert::train {

/// Writes scalars as a TensorBoard event file: TFRecord framing (tensorflow/core/lib/io/record_writer.cc) around Event
/// messages (tensorflow/core/util/event.proto).
class TensorBoardWriter {
 public:
  /// Starts a new file in the folder, which is made if absent.
  /// \param first_step of this sitting: TensorBoard drops what earlier files of the folder say of this step and later
  /// ones
  TensorBoardWriter(const std::filesystem::path& folder, std::int64_t first_step);

  /// One event with a scalar per figure, named `group`/NAME; on the disk when it returns.
  void write(std::int64_t step, std::string_view group, const metrics::Figures& figures);

 private:
  void write_event(std::string_view event);

  FileWriter file_;
};

}  // namespace albert::train
