#pragma once

#include <cstdio>

#include "inference/open_model.h"
#include "inference/record_stream.h"
#include "tasks/task.h"

namespace albert::inference {

struct PredictOptions : StreamOptions {
  tasks::RecordFormat format = tasks::RecordFormat::kText;
};

/// Reads records from a descriptor and writes a prediction for each, in the order of the input, as they come; see
/// stream_records(). A record that cannot be read has an empty line with kText; with the other formats, in place of a
/// prediction, it has empty columns or no members, see RecordWindow::write_empty().
StreamReport predict(const TaskModelFolder& opened, int input, std::FILE* output, const PredictOptions& options);

}  // namespace albert::inference
