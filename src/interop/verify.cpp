#include "interop/verify.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>
#include <sys/wait.h>

#include "base/atomic_file.h"
#include "base/child_process.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/shown.h"
#include "base/signals.h"
#include "checkpoint/model_folder.h"
#include "checkpoint/store.h"
#include "interop/folder_names.h"
#include "interop/reference.h"
#include "interop/run_torch_export.h"
#include "interop/verify_script.h"
#include "interop/write_json.h"

namespace albert::interop {

namespace {

using nlohmann::ordered_json;

constexpr std::array kGraphs = {kOnnxFile, kOnnxInt8File, kTorchExportFile};
constexpr const char* kDefaultPython = "python3";
constexpr int kNoSuchProgram = 127;

bool has_weights(const fs::path& folder) {
  return fs::exists(folder / checkpoint::kModelFile) || fs::exists(folder / checkpoint::kModelIndexFile);
}

std::vector<std::string> files_to_verify(const fs::path& folder, const SourceModel& source) {
  std::vector<std::string> files;
  for (const char* name : kGraphs) {
    if (fs::exists(folder / name)) files.emplace_back(name);
  }
  if (has_weights(folder) && !source.auto_class().empty()) files.emplace_back(checkpoint::kConfigFile);
  if (fs::exists(folder / kModulesFile)) files.emplace_back(kModulesFile);
  return files;
}

/// Writes what the script reads into a folder.
void write_request(const fs::path& folder, const Reference& reference, const SourceModel& source,
                   const std::vector<std::string>& files) {
  ordered_json request = {{"files", files}, {"class", source.auto_class()}};
  for (const ReferenceInput& input : reference.inputs) {
    request["inputs"].push_back({{"name", input.name}, {"shape", input.shape}, {"values", input.values}});
  }
  for (std::size_t i = 0; i < reference.outputs.size(); ++i) {
    const ReferenceOutput& output = reference.outputs[i];
    const fs::path file = folder / fmt::format("{}.bin", i);
    write_file_atomically(file,
                          {reinterpret_cast<const char*>(output.values.data()), output.values.size() * sizeof(float)});
    request["outputs"].push_back({{"name", output.name}, {"shape", output.shape}, {"file", file.string()}});
  }
  write_json(folder / "request.json", request);
  write_file_atomically(folder / "verify.py", verify_script());
}

/// The last line of a text, as interpreters end what they say of an error with the error.
std::string last_line(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return printable(text.substr(text.rfind('\n') + 1));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(text.substr(begin, end - begin));
  }
  return lines;
}

/// The lines that the script prints; nothing if there is no interpreter, and none was asked for.
std::optional<std::vector<std::string>> run_script(const std::optional<std::string>& python,
                                                   const std::vector<std::string>& arguments) {
  constexpr std::chrono::minutes kLimit{20};  // the largest ALBERT takes one
  std::vector<std::string> command = {python.value_or(kDefaultPython)};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const ProgramResult result = run_program(command, kLimit);
  if (!result.is_timed_out && result.status == 0) return lines_of(result.output);
  const bool is_missing = WIFEXITED(result.status) && WEXITSTATUS(result.status) == kNoSuchProgram;
  if (is_missing && !python) return std::nullopt;
  throw UsageError("--verify: {} did not run to its end ({}{}); name a Python interpreter with --python",
                   in_quotes(command.front()),
                   result.is_timed_out          ? fmt::format("it was stopped after {} minutes", kLimit.count())
                   : WIFSIGNALED(result.status) ? name_of_signal(WTERMSIG(result.status))
                                                : fmt::format("exit code {}", WEXITSTATUS(result.status)),
                   result.errors.empty() ? "" : ": " + last_line(result.errors));
}

Verification read_line(const std::string& line, double largest) try {
  const nlohmann::json found = read_json(line);
  Verification verification{found.at("file"), found.at("runtime"), 0, largest};
  if (found.contains("error")) {
    throw ModelError("{} refuses {}: {}", verification.runtime, verification.file,
                     printable(found.at("error").get<std::string>()));
  }
  verification.difference = found.at("difference");
  return verification;
} catch (const nlohmann::json::exception& error) {
  throw ModelError("--verify: the interpreter printed {}, which is no result: {}", in_quotes(line),
                   json_problem(error));
}

/// What the LibTorch of this program makes of an archive.
Verification verify_torch_export(const fs::path& folder, const Reference& reference) {
  constexpr const char* kRuntime = "LibTorch (C++)";
  const auto found = run_torch_export(folder / kTorchExportFile, reference.inputs);
  try {
    return {kTorchExportFile, kRuntime, largest_difference(reference.outputs, found), largest_value(reference.outputs)};
  } catch (const ModelError& error) {
    throw ModelError("{} in {}: {}", kTorchExportFile, kRuntime, error.what());
  }
}

/// Why what a file holds was compared in no runtime.
UnverifiedFile unverified(const std::string& file, const SourceModel& source, const std::string& python,
                          bool has_interpreter) {
  const bool is_weights = file == checkpoint::kModelFile;
  if (is_weights && source.auto_class().empty()) return {file, "Transformers has no class with its head", false};
  if (!has_interpreter) return {file, fmt::format("there is no {} to open it in", python), true};
  return {file,
          fmt::format("{} imports none of {} (each needs numpy, too)", python,
                      is_weights ? "transformers, sentence_transformers" : "onnxruntime, openvino"),
          true};
}

/// The files with a model that a folder has, by the names that verifications give them.
std::vector<std::string> files_with_a_model(const fs::path& folder) {
  std::vector<std::string> files;
  std::ranges::copy_if(kGraphs, std::back_inserter(files), [&](const char* name) { return fs::exists(folder / name); });
  if (has_weights(folder)) files.emplace_back(checkpoint::kModelFile);
  return files;
}

}  // namespace

std::vector<std::string> default_texts() {
  return {"The old mill by the river had not turned for thirty years.",
          "Nobody in the village remembered who had built it; but on quiet nights, they said, one could hear it creak.",
          "Wer hat das Wasser gestaut?",
          "It cost $3,499.50 in 1998, didn't it?",
          "La rivière est gelée, et les enfants patinent dessus depuis hier.",
          "Yes."};
}

VerifiedExport verify_export(const fs::path& folder, const SourceModel& source, const std::vector<std::string>& texts,
                             const std::optional<std::string>& python) {
  const Reference reference = make_reference(source, texts);
  VerifiedExport result;
  if (fs::exists(folder / kTorchExportFile)) result.compared.push_back(verify_torch_export(folder, reference));
  const fs::path place = folder / ".verify";  // which goes the way of the folder if the work is stopped
  make_folder(place);
  write_request(place, reference, source, files_to_verify(folder, source));
  const auto lines = run_script(python, {place / "verify.py", folder, place / "request.json"});
  for (const std::string& line : lines.value_or(std::vector<std::string>())) {
    if (line.starts_with('{')) result.compared.push_back(read_line(line, largest_value(reference.outputs)));
  }
  fs::remove_all(place);
  for (const std::string& file : files_with_a_model(folder)) {
    if (std::ranges::find(result.compared, file, &Verification::file) != result.compared.end()) continue;
    result.not_compared.push_back(unverified(file, source, python.value_or(kDefaultPython), lines.has_value()));
  }
  return result;
}

}  // namespace albert::interop
