#include "inference/output_check.h"

#include <algorithm>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/destination.h"
#include "base/error.h"
#include "base/output.h"

namespace albert::inference {

namespace {

/// Whether two names are of one file. One that is not there yet is no other's.
bool are_same(const fs::path& one, const fs::path& other) {
  std::error_code is_absent;
  return fs::equivalent(one, other, is_absent);
}

/// Throws where what is no file cannot be written to. A pipe stays open until the process ends: its reader would take an
/// earlier end for that of the data.
void check_stream(const char* option, const fs::path& output) {
  if (const auto descriptor = descriptor_of(output)) {
    const int flags = ::fcntl(*descriptor, F_GETFL);
    if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY) return;
    throw UsageError("{} {}: this process has no descriptor {} to write to", option, output.string(), *descriptor);
  }
  static std::vector<Descriptor> pipes;
  if (fs::is_fifo(output)) pipes.emplace_back(output, O_WRONLY | O_NONBLOCK);
  if (fs::is_socket(output))
    throw UsageError("{} {}: expected the name of a file or a pipe, found a socket", option, output.string());
}

void check_place(const char* option, const fs::path& output) {
  if (!output.has_filename()) {
    throw UsageError("{} {}: expected the name of a file, found that of a folder", option, output.string());
  }
  if (is_stream(output)) return check_stream(option, output);
  const fs::path folder = destination_of(output).parent_path();
  if (!fs::is_directory(folder)) {
    throw UsageError("{} {}: there is no folder {}; make it first", option, output.string(), folder.string());
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    throw IoError::from_errno(
        fmt::format("{} {}: cannot write to the folder {}", option, output.string(), folder.string()));
  }
}

}  // namespace

void refuse_inputs(const char* option, std::span<const fs::path> outputs, std::span<const fs::path> inputs) {
  for (const fs::path& output : outputs) {
    const auto is_output = [&](const fs::path& other) { return are_same(output, other); };
    if (const auto input = std::ranges::find_if(inputs, is_output); input != inputs.end()) {
      throw UsageError("{} {}: is {} itself, which is read and would be replaced; give another name", option,
                       output.string(), input->string());
    }
  }
}

void check_outputs(const char* option, std::span<const fs::path> outputs, std::span<const fs::path> inputs,
                   bool overwrite) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const fs::path& output = outputs[i];
    check_place(option, output);
    refuse_inputs(option, outputs.subspan(i, 1), inputs);
    const auto before = outputs.first(i);
    const auto is_same = [&](const fs::path& other) { return other == output || are_same(output, other); };
    if (const auto twin = std::ranges::find_if(before, is_same); twin != before.end()) {
      throw UsageError("{} {}: would be written twice, as {} too; give another name", option, output.string(),
                       twin->string());
    }
    check_output_file({output, overwrite});
  }
}

}  // namespace albert::inference
