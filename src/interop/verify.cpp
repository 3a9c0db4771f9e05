#include "interop/verify.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <memory>

#include <ATen/core/Tensor.h>
#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>
#include <sys/wait.h>

#include "base/atomic_file.h"
#include "base/child_process.h"
#include "base/error.h"
#include "base/json.h"
#include "base/link.h"
#include "base/log.h"
#include "base/shown.h"
#include "base/signals.h"
#include "checkpoint/model_folder.h"
#include "checkpoint/store.h"
#include "interop/reference.h"
#include "interop/run_torch_export.h"
#include "interop/write_json.h"

namespace albert::interop {

namespace {

using nlohmann::ordered_json;

constexpr const char* kTorchExport = "model.pt2";
constexpr const char* kModules = "modules.json";  ///< of sentence-transformers
constexpr std::array kGraphs = {"onnx/model.onnx", "onnx/model_int8.onnx", kTorchExport};

/// Runs every file in every runtime that can be imported, and prints a line of JSON for each. NaN is JSON's null.
constexpr const char* kScript = R"python(
import json, pathlib, sys
import numpy as np

folder = pathlib.Path(sys.argv[1])
request = json.loads(pathlib.Path(sys.argv[2]).read_text())
inputs = {i["name"]: np.array(i["values"], np.int64).reshape(i["shape"]) for i in request["inputs"]}
wanted = {o["name"]: np.fromfile(o["file"], np.float32).reshape(o["shape"]) for o in request["outputs"]}


def report(file, runtime, run):
    try:
        found = run()
        missing = [name for name in wanted if name not in found]
        if missing:
            raise ValueError(f"it gives no {missing[0]}, only {', '.join(found)}")
        largest = max(float(np.nanmax(np.abs(found[name] - values))) for name, values in wanted.items())
        print(json.dumps({"file": file, "runtime": runtime, "difference": largest}), flush=True)
    except Exception as error:
        print(json.dumps({"file": file, "runtime": runtime, "error": f"{type(error).__name__}: {error}"}), flush=True)


def run_onnxruntime(file):
    session = onnxruntime.InferenceSession(str(folder / file), providers=["CPUExecutionProvider"])
    return dict(zip([output.name for output in session.get_outputs()], session.run(None, inputs)))


def run_openvino(file):
    core = openvino.Core()
    model = core.compile_model(core.read_model(str(folder / file)), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    results = model(inputs)
    return {name: results[output] for output in model.outputs for name in output.get_names()}


def run_torch(file):
    with torch.no_grad():
        outputs = torch.export.load(str(folder / file)).module()(*map(torch.from_numpy, inputs.values()))
    return {name: values.numpy() for name, values in outputs.items()}


def run_sentence_transformers(file):
    model = sentence_transformers.SentenceTransformer(str(folder), device="cpu")
    with torch.no_grad():
        outputs = model({name: torch.from_numpy(values) for name, values in inputs.items()})
    return {"sentence_embedding": outputs["sentence_embedding"].numpy()}


def run_transformers(file):
    model = getattr(transformers, request["class"]).from_pretrained(folder, dtype="float32").eval()
    with torch.no_grad():
        outputs = dict(model(**{name: torch.from_numpy(values) for name, values in inputs.items()}))
    outputs["logits"] = outputs.get("prediction_logits", outputs.get("logits"))
    return {name: values.numpy() for name, values in outputs.items() if values is not None}


for name, run, suffix in [("onnxruntime", run_onnxruntime, ".onnx"), ("openvino", run_openvino, ".onnx"), ("torch", run_torch, ".pt2"),
                          ("transformers", run_transformers, "config.json"), ("sentence_transformers", run_sentence_transformers, "modules.json")]:
    files = [file for file in request["files"] if file.endswith(suffix)]
    if not files:
        continue
    try:
        globals()[name] = __import__(name)
        if name in ("torch", "transformers", "sentence_transformers"):
            import torch, torch.export
    except Exception:
        continue
    for file in files:
        report("model.safetensors" if suffix.endswith(".json") else file, f"{name} {globals()[name].__version__.split('-')[0]}", lambda: run(file))
)python";

double largest_of(const Reference& reference) {
  double largest = 0;
  for (const ReferenceOutput& output : reference.outputs) {
    for (const float value : output.values) {
      if (std::isfinite(value) && value > -1e29F) largest = std::max(largest, std::abs(static_cast<double>(value)));
    }
  }
  return largest;
}

/// The class of Transformers that gives what is compared; empty if none does.
std::string class_for(const SourceModel& source) {
  if (source.padded.head == GraphHead::kHiddenStates) return "AutoModel";
  if (source.padded.head == GraphHead::kMaskedWords) {
    return source.padded.has_sentence_order ? "AutoModelForPreTraining" : "AutoModelForMaskedLM";
  }
  if (!source.task) return "";
  const std::string_view architecture = source.task->config.settings().transformers_head().architecture;
  return architecture == tasks::kNoHead ? "" : fmt::format("AutoModel{}", architecture.substr(6));
}

std::vector<std::string> files_to_verify(const fs::path& folder, const SourceModel& source) {
  std::vector<std::string> files;
  for (const char* name : kGraphs) {
    if (fs::exists(folder / name)) files.emplace_back(name);
  }
  const bool has_weights =
      fs::exists(folder / checkpoint::kModelFile) || fs::exists(folder / checkpoint::kModelIndexFile);
  if (has_weights && !class_for(source).empty()) files.emplace_back(checkpoint::kConfigFile);
  if (fs::exists(folder / kModules)) files.emplace_back(kModules);
  return files;
}

/// Writes what the script reads into a folder.
void write_request(const fs::path& folder, const Reference& reference, const SourceModel& source,
                   const std::vector<std::string>& files) {
  ordered_json request = {{"files", files}, {"class", class_for(source)}};
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
  write_file_atomically(folder / "verify.py", kScript);
}

/// The lines that the script prints.
std::vector<std::string> lines_of(const std::string& python, const std::vector<std::string>& arguments) {
  constexpr std::chrono::minutes kLimit{20};  // the largest ALBERT takes one
  std::vector<std::string> command = {python};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const auto [text, status, is_timed_out] = run_program(command, kLimit);
  if (is_timed_out || status != 0) {
    throw UsageError("--verify: {} did not run to its end ({}); name a Python interpreter with --python",
                     in_quotes(python),
                     is_timed_out          ? fmt::format("it was stopped after {} minutes", kLimit.count())
                     : WIFSIGNALED(status) ? name_of_signal(WTERMSIG(status))
                                           : fmt::format("exit code {}", WEXITSTATUS(status)));
  }
  std::vector<std::string> lines;
  for (std::size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(text.substr(begin, end - begin));
  }
  return lines;
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
  Verification verification{kTorchExport, "LibTorch (C++)", 0, largest_of(reference)};
  const auto found = run_torch_export(folder / kTorchExport, reference.inputs);
  for (const ReferenceOutput& output : reference.outputs) {
    const std::vector<float>& values = found.at(output.name);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (std::isnan(output.values[i])) continue;
      verification.difference = std::max(
          verification.difference, std::abs(static_cast<double>(values[i]) - static_cast<double>(output.values[i])));
    }
  }
  return verification;
}

}  // namespace

std::vector<std::string> unverified_files(const fs::path& folder, const std::vector<Verification>& verifications) {
  std::vector<std::string> files;
  const auto add = [&](const char* name, const char* place) {
    if (!fs::exists(folder / place) ||
        std::ranges::find(verifications, name, &Verification::file) != verifications.end())
      return;
    files.emplace_back(name);
  };
  for (const char* name : kGraphs) add(name, name);
  add(checkpoint::kModelFile, checkpoint::kModelFile);
  if (!fs::exists(folder / checkpoint::kModelFile)) add(checkpoint::kModelFile, checkpoint::kModelIndexFile);
  return files;
}

std::vector<std::string> default_texts() {
  return {"The old mill by the river had not turned for thirty years.",
          "Nobody in the village remembered who had built it; but on quiet nights, they said, one could hear it creak.",
          "Wer hat das Wasser gestaut?",
          "It cost $3,499.50 in 1998, didn't it?",
          "La rivière est gelée, et les enfants patinent dessus depuis hier.",
          "Yes."};
}

std::vector<Verification> verify_export(const fs::path& folder, const SourceModel& source,
                                        const std::vector<std::string>& texts, const std::string& python) {
  const Reference reference = make_reference(source, texts);
  const std::vector<std::string> files = files_to_verify(folder, source);
  std::vector<Verification> verifications;
  if (fs::exists(folder / kTorchExport)) verifications.push_back(verify_torch_export(folder, reference));
  const fs::path place = folder / ".verify";  // which goes the way of the folder if the work is stopped
  fs::create_directory(place);
  write_request(place, reference, source, files);
  for (const std::string& line : lines_of(python, {place / "verify.py", folder, place / "request.json"})) {
    if (line.starts_with('{')) verifications.push_back(read_line(line, largest_of(reference)));
  }
  fs::remove_all(place);
  if (!verifications.empty()) return verifications;
  throw UsageError(
      "--verify: {} imports none of onnxruntime, openvino, transformers and torch, in which the files could be opened; "
      "install one, or name another interpreter with --python",
      python);
}

}  // namespace albert::interop
