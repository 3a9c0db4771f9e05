#include "interop/export.h"

#include <algorithm>

#include <ATen/core/Tensor.h>
#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "base/atomic_file.h"
#include "base/atomic_folder.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/output.h"
#include "base/stream_lines.h"
#include "checkpoint/model_folder.h"
#include "checkpoint/store.h"
#include "interop/onnx_graph.h"
#include "interop/sentence_transformers.h"
#include "interop/torch_export_graph.h"
#include "interop/write_json.h"
#include "interop/written_folder.h"
#include "tasks/fitting.h"

namespace albert::interop {

namespace {

using nlohmann::ordered_json;

constexpr const char* kCommand = "export";

std::vector<ExportFormat> formats_for(const ExportOptions& options, const SourceModel& source) {
  std::vector<ExportFormat> formats = options.formats;
  if (formats.empty()) {
    formats = {ExportFormat::kTransformers};
    if (options.precision != WeightPrecision::kBFloat16) formats.push_back(ExportFormat::kOnnx);
    if (options.precision == WeightPrecision::kFloat32) formats.push_back(ExportFormat::kTorchExport);
    if (source.makes_vectors()) formats.push_back(ExportFormat::kSentenceTransformers);
  }
  const auto has = [&](ExportFormat format) { return std::ranges::find(formats, format) != formats.end(); };
  if (has(ExportFormat::kSentenceTransformers) && !source.makes_vectors()) {
    throw UsageError(
        "--to sentence-transformers: expected a model that makes vectors, found one that does not; add "
        "--head embedding to take its encoder for one");
  }
  if (options.int8 && !has(ExportFormat::kOnnx)) {
    throw UsageError("--int8 makes an ONNX file: add onnx to --to");
  }
  if (!options.data.empty() && !options.int8) {
    throw UsageError("--data is what --int8 is compared with float32 on: add --int8, or leave --data out");
  }
  if (has(ExportFormat::kOnnx) && options.precision == WeightPrecision::kBFloat16) {
    throw UsageError(
        "--precision bfloat16: ONNX Runtime does not compute in it on CPUs; use --precision float16 for "
        "ONNX, or --to transformers");
  }
  if (has(ExportFormat::kTorchExport) && options.precision != WeightPrecision::kFloat32) {
    throw UsageError("--to pt2 is written in float32 only: leave --precision out, or pt2");
  }
  return formats;
}

const char* to_string(WeightPrecision precision) {
  switch (precision) {
    case WeightPrecision::kFloat32:
      return "float32";
    case WeightPrecision::kFloat16:
      return "float16";
    case WeightPrecision::kBFloat16:
      break;
  }
  return "bfloat16";
}

/// config.json of the export: that of the model, with the type of its weights.
std::string config_of(const SourceModel& source, const ExportOptions& options) {
  auto config = ordered_json::parse(source.contents.config_json);
  config.erase("torch_dtype");
  config["dtype"] = to_string(options.precision);
  return dump_json(config, 2) + "\n";
}

/// Writes the parameters in a type.
void write_weights(const fs::path& folder, const SourceModel& source, const ExportOptions& options) {
  checkpoint::NamedTensors tensors = checkpoint::stored_parameters(source.contents);
  if (options.precision != WeightPrecision::kFloat32) {
    const auto type = options.precision == WeightPrecision::kFloat16 ? at::kHalf : at::kBFloat16;
    for (auto& [name, tensor] : tensors) tensor = tensor.detach().to(type);
  }
  checkpoint::write_weights(folder, tensors, static_cast<std::uint64_t>(options.max_shard_bytes));
}

/// The largest number of an int8 matrix.
int largest_int8(const ExportOptions& options) {
  return options.saturates ? 63 : 127;
}

OnnxModel make_onnx(const SourceModel& source, OnnxPrecision precision, const ExportOptions& options) {
  const Weights weights = source.weights();
  OnnxGraph graph(weights, precision, largest_int8(options));
  describe(source.padded, graph);
  return graph.take_model();
}

/// Compares int8 with float32 on the data.
/// Throws ModelError if it is too much worse.
Int8Check compare(const SourceModel& source, const OnnxModel& graph, const ExportOptions& options) {
  Int8Check check = check_int8(source, graph, largest_int8(options), options.data);
  if (check.loss() <= options.max_loss || options.force) return check;
  throw ModelError(
      "--int8: {} falls by {:.2f} points on {}, from {:.6g} to {:.6g}; at most {:g} are allowed (--max-loss); --force "
      "writes it all the same",
      check.metric, check.loss(), check.data, metrics::find(check.float32, check.metric).value_or(0),
      metrics::find(check.int8, check.metric).value_or(0), options.max_loss);
}

/// Writes onnx/ with its files, which the card names.
void write_onnx(const fs::path& folder, const SourceModel& source, const ExportOptions& options, ModelCard& card,
                ExportReport& report) {
  fs::create_directory(folder / "onnx");
  card.onnx_files = {"onnx/model.onnx"};
  make_onnx(source, options.precision == WeightPrecision::kFloat16 ? OnnxPrecision::kFloat16 : OnnxPrecision::kFloat32,
            options)
      .write(folder / card.onnx_files.front());
  if (!options.int8) return;
  card.onnx_files.emplace_back("onnx/model_int8.onnx");
  const OnnxModel graph = make_onnx(source, OnnxPrecision::kInt8, options);
  graph.write(folder / card.onnx_files.back());
  if (options.data.empty()) return;
  report.int8 = compare(source, graph, options);
  card.figures = report.int8->float32;
  card.figures_of = report.int8->data;
}

void write_torch_export(const fs::path& folder, const SourceModel& source, ModelCard& card) {
  const Weights weights = source.weights();
  TorchExportGraph graph(weights, source.padded.config.max_position_embeddings);
  describe(source.padded, graph);
  card.torch_export_file = "model.pt2";
  graph.write(folder / card.torch_export_file);
}

std::vector<std::string> texts_of(const ExportOptions& options) {
  if (options.texts.empty()) return default_texts();
  std::vector<std::string> texts;
  constexpr std::size_t kMostTexts = 64;
  const Descriptor file = open_to_read(options.texts);
  StreamLines lines(file.value(), StreamLines::kMaxLineBytes, StreamLines::LineEnd::kUnknown, options.texts.string());
  while (const auto line = lines.next()) {
    if (!line->empty() && texts.size() < kMostTexts) texts.push_back(*line);
  }
  constexpr std::size_t kFewest = 3;
  if (texts.size() < kFewest) {
    throw DataError("--texts {}: expected {} texts or more, one a line, found {}", options.texts.string(), kFewest,
                    texts.size());
  }
  return texts;
}

/// Throws ModelError if a file that is to be exact is not.
void require_equal(const std::vector<Verification>& verifications, WeightPrecision precision) {
  for (const Verification& verification : verifications) {
    const bool is_rounded =
        precision != WeightPrecision::kFloat32 || verification.file.find("int8") != std::string::npos;
    const double allowed = 1e-4 * std::max(1.0, verification.largest);
    if (is_rounded || verification.difference <= allowed) continue;
    throw ModelError(
        "{} in {}: expected numbers within {:.1e} of this program's, found a difference of {:.3g}; nothing is written",
        verification.file, verification.runtime, allowed, verification.difference);
  }
}

ModelCard card_of(const SourceModel& source, const ExportOptions& options) {
  ModelCard card;
  card.name = fs::absolute(options.output).lexically_normal().filename().string();
  card.said = options.card;
  card.model = source.padded;
  card.max_length = source.max_length;
  for (const auto& [name, tensor] : source.contents.parameters) card.num_parameters += tensor.numel();
  if (source.task) {
    card.labels = source.task->labels;
    tasks::TaskConfig config = source.task->config;
    config.temperature.numbers = {1};  // which the weights have taken in
    card.decision = tasks::describe_decision(config);
    const std::string_view architecture = source.task->config.settings().transformers_head().architecture;
    if (architecture != tasks::kNoHead) card.auto_class = fmt::format("AutoModel{}", architecture.substr(6));
  }
  return card;
}

std::vector<ExportedFile> files_in(const fs::path& folder) {
  std::vector<ExportedFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back({fs::relative(entry.path(), folder), entry.file_size()});
  }
  std::ranges::sort(files, {}, &ExportedFile::path);
  return files;
}

}  // namespace

ExportReport export_model(const ExportOptions& options) {
  check_output_folder({options.output, options.overwrite}, "exported model",
                      [](const fs::path& folder) { return why_not_written(folder, kCommand); });
  const SourceModel source = open_source_model(options.model, options.head, options.pooling);
  require_other_folder(options.output, source.folder.path);
  const std::vector<ExportFormat> formats = formats_for(options, source);
  const auto has = [&](ExportFormat format) { return std::ranges::find(formats, format) != formats.end(); };
  AtomicFolder target(options.output);
  const fs::path& folder = target.temporary();
  ModelCard card = card_of(source, options);
  ExportReport report;

  write_file_atomically(folder / checkpoint::kConfigFile, config_of(source, options));
  source.contents.tokenizer->save(folder, source.max_length);
  card.has_sentence_transformers = has(ExportFormat::kSentenceTransformers);
  card.has_weights = has(ExportFormat::kTransformers) || card.has_sentence_transformers;
  if (card.has_weights) write_weights(folder, source, options);
  if (card.has_sentence_transformers) {
    write_sentence_transformers_files(folder, source.sentence_settings());
  }
  if (has(ExportFormat::kOnnx)) write_onnx(folder, source, options, card, report);
  if (has(ExportFormat::kTorchExport)) write_torch_export(folder, source, card);
  mark_as_written(folder, kCommand);
  write_file_atomically(folder / "README.md", write_model_card(card));
  if (options.verify) {
    report.verifications = verify_export(folder, source, texts_of(options), options.python);
    require_equal(report.verifications, options.precision);
    for (const std::string& file : unverified_files(folder, report.verifications)) {
      log_warning("{} was not verified: no runtime for it was found; --python names an interpreter that has one", file);
    }
  }
  report.files = files_in(folder);
  target.commit();
  return report;
}

}  // namespace albert::interop
