#pragma once

#include <filesystem>
#include <span>

namespace albert::inference {

/// Throws UsageError for an output that is an input, by whatever name: it would be replaced.
/// \param option that names the outputs, for the message: "--output"
/// \param outputs files that are to appear, or to be replaced
/// \param inputs files that are read; what is not there is no output's
void refuse_inputs(const char* option, std::span<const std::filesystem::path> outputs,
                   std::span<const std::filesystem::path> inputs);

/// Checks before anything is computed that files can be written at the end.
/// \param option, outputs, inputs as of refuse_inputs()
/// \param overwrite whether files that are there may be replaced; see base/output.h
/// Throws UsageError for a name that cannot be that of a file: of a folder, or in a folder that is not there; and for
/// an output that is an input, or another output; IoError where nothing may be written.
void check_outputs(const char* option, std::span<const std::filesystem::path> outputs,
                   std::span<const std::filesystem::path> inputs, bool overwrite);

}  // namespace albert::inference
