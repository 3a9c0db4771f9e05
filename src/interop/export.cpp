#include "interop/export.h"

#include <algorithm>

#include <ATen/ATen.h>
#include <spdlog/fmt/ranges.h>

#include "base/atomic_file.h"
#include "base/atomic_folder.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/output.h"
#include "base/stream_lines.h"
#include "checkpoint/model_folder.h"
#include "checkpoint/store.h"
#include "interop/folder_names.h"
#include "interop/onnx_int8_graph.h"
#include "interop/sentence_transformers.h"
#include "interop/torch_export_graph.h"
#include "interop/write_json.h"
#include "interop/written_folder.h"
#include "tasks/fitting.h"

namespace albert::interop {

namespace {

bool has(const std::vector<ExportFormat>& formats, ExportFormat format) {
  return std::ranges::find(formats, format) != formats.end();
}

bool has_weights(const std::vector<ExportFormat>& formats) {
  return has(formats, ExportFormat::kTransformers) || has(formats, ExportFormat::kSentenceTransformers);
}

/// The formats to write.
/// Throws UsageError for options that do not suit them, or have no effect.
std::vector<ExportFormat> formats_for(const ExportOptions& options, const SourceModel& source) {
  std::vector<ExportFormat> formats = options.formats;
  if (formats.empty()) {
    formats = {ExportFormat::kTransformers};
    if (options.precision != WeightPrecision::kBFloat16) formats.push_back(ExportFormat::kOnnx);
    if (options.precision == WeightPrecision::kFloat32) formats.push_back(ExportFormat::kTorchExport);
    if (source.makes_vectors()) formats.push_back(ExportFormat::kSentenceTransformers);
  }
  if (has(formats, ExportFormat::kSentenceTransformers) && !source.makes_vectors()) {
    throw UsageError(
        "--to sentence-transformers: expected a model that makes vectors, found one that does not; add "
        "--head embedding to take its encoder for one");
  }
  if (options.pooling && options.head != ExportHead::kEmbedding) {
    throw UsageError("--pooling has no effect without --head embedding; add it, or leave --pooling out");
  }
  if (options.max_shard_bytes > 0 && !has_weights(formats)) {
    throw UsageError(
        "--max-shard-size has no effect without model.safetensors: add transformers to --to, or leave --max-shard-size "
        "out");
  }
  if (options.int8 && !has(formats, ExportFormat::kOnnx)) {
    throw UsageError("--int8 makes an ONNX file: add onnx to --to");
  }
  if (!options.data.empty() && !options.int8) {
    throw UsageError("--data is what --int8 is compared with float32 on: add --int8, or leave --data out");
  }
  if (!options.data.empty()) require_task(source);
  if (has(formats, ExportFormat::kOnnx) && options.precision == WeightPrecision::kBFloat16) {
    throw UsageError(
        "--precision bfloat16: ONNX Runtime does not compute in it on CPUs; use --precision float16 for "
        "ONNX, or --to transformers");
  }
  if (has(formats, ExportFormat::kTorchExport) && options.precision != WeightPrecision::kFloat32) {
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

std::optional<at::ScalarType> rounded_type(WeightPrecision precision) {
  if (precision == WeightPrecision::kFloat32) return std::nullopt;
  return precision == WeightPrecision::kFloat16 ? at::kHalf : at::kBFloat16;
}

/// Throws ModelError naming a parameter that the precision makes infinite.
void check_range(const SourceModel& source, WeightPrecision precision) {
  const auto type = rounded_type(precision);
  if (!type) return;
  for (const auto& [name, tensor] : source.contents.parameters) {
    const at::Tensor numbers = tensor.detach();
    if (!(numbers.isfinite() & numbers.to(*type).isinf()).any().item<bool>()) continue;
    throw ModelError("{}: expected numbers within the range of {}, found one of size {:.6g}; use another --precision",
                     name, to_string(precision), numbers.abs().max().item<float>());
  }
}

/// Writes the parameters in a type.
void write_weights(const fs::path& folder, const SourceModel& source, const ExportOptions& options) {
  checkpoint::NamedTensors tensors = checkpoint::stored_parameters(source.contents);
  if (const auto type = rounded_type(options.precision)) {
    for (auto& [name, tensor] : tensors) tensor = tensor.detach().to(*type);
  }
  checkpoint::write_weights(folder, tensors, static_cast<std::uint64_t>(options.max_shard_bytes));
}

template <typename Graph>
OnnxModel described_in(Graph graph, const SourceModel& source) {
  describe(source.padded, graph);
  return graph.take_model();
}

/// Throws ModelError if int8 is too much worse.
void require_small_loss(const Int8Check& check, const ExportOptions& options) {
  const double loss = check.loss();
  if (loss <= options.max_loss || options.force) return;
  throw ModelError(
      "--int8: {} falls by {:.2f} points on {}, from {:.6g} to {:.6g}; at most {:g} are allowed (--max-loss); --force "
      "writes it all the same",
      check.metric, loss, check.data, metrics::find(check.float32, check.metric).value(),
      metrics::find(check.int8, check.metric).value(), options.max_loss);
}

/// Writes onnx/ with its files, which the card names.
void write_onnx(const fs::path& folder, const SourceModel& source, const ExportOptions& options, ModelCard& card,
                ExportReport& report) {
  const Weights weights = source.weights();
  const auto precision =
      options.precision == WeightPrecision::kFloat16 ? OnnxPrecision::kFloat16 : OnnxPrecision::kFloat32;
  make_folder(folder / kOnnxFolder);
  card.onnx_files = {kOnnxFile};
  described_in(OnnxGraph(weights, precision), source).write(folder / kOnnxFile);
  if (!options.int8) return;
  constexpr int kLargest = 127, kLargestWithoutVnni = 63;
  card.onnx_files.emplace_back(kOnnxInt8File);
  const OnnxModel graph =
      described_in(OnnxInt8Graph(weights, options.avoids_saturation ? kLargestWithoutVnni : kLargest), source);
  graph.write(folder / kOnnxInt8File);
  if (options.data.empty()) return;
  report.int8 = check_int8(source, graph, options.data);
  require_small_loss(*report.int8, options);
  card.figures = report.int8->float32;
  card.int8_figures = report.int8->int8;
  card.figures_of = report.int8->data;
}

void write_torch_export(const fs::path& folder, const SourceModel& source, ModelCard& card) {
  const Weights weights = source.weights();
  TorchExportGraph graph(weights, source.padded.config.max_position_embeddings);
  describe(source.padded, graph);
  card.torch_export_file = kTorchExportFile;
  graph.write(folder / card.torch_export_file);
}

std::vector<std::string> texts_of(const ExportOptions& options) {
  if (options.texts.empty()) return default_texts();
  std::vector<std::string> texts;
  constexpr std::size_t kMostTexts = 64;
  const Descriptor file = open_to_read(options.texts);
  StreamLines lines(file.value(), StreamLines::kMaxLineBytes, StreamLines::LineEnd::kUnknown, options.texts.string());
  while (texts.size() < kMostTexts) {
    const auto line = lines.next();
    if (!line) break;
    if (!line->empty()) texts.push_back(*line);
  }
  constexpr std::size_t kFewest = 3;
  if (texts.size() < kFewest) {
    throw DataError("--texts {}: expected {} texts or more, one a line, found {}", options.texts.string(), kFewest,
                    texts.size());
  }
  return texts;
}

/// Throws ModelError if a file gives other numbers than it should.
void require_equal(const std::vector<Verification>& verifications, WeightPrecision precision) {
  for (const Verification& verification : verifications) {
    const bool is_int8 = verification.file == kOnnxInt8File;
    const bool is_rounded = is_int8 || precision != WeightPrecision::kFloat32;
    // Rounding moves the numbers of a model by a few hundredths; what is computed wrongly has nothing to do with them.
    const double allowed = is_rounded ? 0.1 * verification.largest : 1e-4 * std::max(1.0, verification.largest);
    if (verification.difference <= allowed) continue;
    throw ModelError(
        "{} in {}: expected numbers within {:.1e} of this program's, found a difference of {:.3g}; nothing is "
        "written{}",
        verification.file, verification.runtime, allowed, verification.difference,
        is_int8 ? "; on a processor without VNNI, add --no-vnni" : "");
  }
}

/// Throws UsageError if a file was opened in no runtime for want of one, or if nothing was compared at all. Warns of a
/// file that no runtime can open.
void require_compared(const VerifiedExport& verified) {
  std::vector<std::string> missing, compared;
  for (const auto& [file, reason, has_runtimes] : verified.not_compared) {
    std::string what = fmt::format("{} was not verified: {}", file, reason);
    if (has_runtimes || verified.compared.empty()) {
      missing.push_back(std::move(what));
    } else {
      log_warning("{}", what);
    }
  }
  if (missing.empty()) return;
  for (const Verification& of : verified.compared) {
    compared.push_back(fmt::format("{} in {} (differs by {:.2g} at most)", of.file, of.runtime, of.difference));
  }
  throw UsageError(
      "--verify: {}; compared: {}; nothing is written; install a runtime, name an interpreter that has one with "
      "--python, choose other files with --to, or leave out --verify",
      fmt::join(missing, "; "), compared.empty() ? "nothing" : fmt::format("{}", fmt::join(compared, ", ")));
}

ModelCard card_of(const SourceModel& source, const ExportOptions& options) {
  ModelCard card;
  const fs::path place = fs::absolute(options.output).lexically_normal();
  card.name = (place.has_filename() ? place : place.parent_path()).filename().string();
  card.said = options.card;
  card.model = source.padded;
  card.max_length = source.max_length;
  for (const auto& [name, tensor] : source.contents.parameters) card.num_parameters += tensor.numel();
  if (source.task) {
    card.labels = source.task->labels;
    tasks::TaskConfig config = source.task->config;
    config.temperature.numbers = {1};  // which the weights have taken in
    card.decision = tasks::describe_decision(config);
  }
  card.auto_class = source.auto_class();
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
  const OutputFolder output{options.output, options.overwrite, "exported model",
                            [](const fs::path& folder) { return why_not_written(folder, {"export"}); }};
  output.check();
  const SourceModel source = open_source_model(options.model, options.head, options.pooling);
  require_other_folder(options.output, source.folder.path);
  const std::vector<ExportFormat> formats = formats_for(options, source);
  check_range(source, options.precision);
  const std::vector<std::string> texts = options.verify ? texts_of(options) : std::vector<std::string>();
  AtomicFolder target(output);
  const fs::path& folder = target.temporary();
  ModelCard card = card_of(source, options);
  ExportReport report;

  write_file_atomically(folder / checkpoint::kConfigFile,
                        with_dtype(source.contents.config_json, to_string(options.precision)));
  source.contents.tokenizer->save(folder, source.max_length);
  card.has_sentence_transformers = has(formats, ExportFormat::kSentenceTransformers);
  card.has_weights = has_weights(formats);
  if (card.has_weights) write_weights(folder, source, options);
  if (card.has_sentence_transformers) {
    write_sentence_transformers_files(folder, source.sentence_settings());
  }
  if (has(formats, ExportFormat::kOnnx)) write_onnx(folder, source, options, card, report);
  if (has(formats, ExportFormat::kTorchExport)) write_torch_export(folder, source, card);
  write_file_atomically(folder / kCardFile, write_model_card(card));
  mark_as_written(folder, "export");
  if (options.verify) {
    const VerifiedExport verified = verify_export(folder, source, texts, options.python);
    require_equal(verified.compared, options.precision);
    require_compared(verified);
    report.verifications = verified.compared;
  }
  report.files = files_in(folder);
  target.commit();
  return report;
}

}  // namespace albert::interop
