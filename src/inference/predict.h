#pragma once

#include <cstdio>

#include "inference/open_model.h"
#include "inference/record_stream.h"
#include "tasks/task.h"

namespace albert::inference {

struct PredictOptions : StreamOptions {
  tasks::RecordFormat format = tasks::RecordFormat::kText;
};

/// What is done with a record that cannot be read where the user does not say: formats that repeat the record leave it
/// out, and kText, whose lines stand beside those of the input, keeps its place.
BadRecord default_bad_record(tasks::RecordFormat format);

/// Reads records from a descriptor and writes a prediction for each, in the order of the input, as they come; see
/// stream_records(). A record that cannot be read and is not left out has an empty line with kText; with the other
/// formats, in place of a prediction, it has empty columns or no members, see RecordWindow::write_empty().
StreamReport predict(const TaskModelFolder& opened, int input, std::FILE* output, const PredictOptions& options);

}  // namespace albert::inference
