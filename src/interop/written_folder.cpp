#include "interop/written_folder.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "base/destination.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "interop/write_json.h"
#include "text/tokenizer_files.h"

namespace albert::interop {

namespace {

constexpr const char* kNote = "albert_cpp.json";
constexpr const char* kWriter = "written_by";

/// What the commands write, but for the tokenizer's files and shards of weights.
constexpr std::array<std::string_view, 12> kOwnNames = {kNote,
                                                        "config.json",
                                                        "model.safetensors",
                                                        "model.safetensors.index.json",
                                                        "model.pt2",
                                                        "onnx",
                                                        "README.md",
                                                        "modules.json",
                                                        "1_Pooling",
                                                        "2_Normalize",
                                                        "sentence_bert_config.json",
                                                        "config_sentence_transformers.json"};

bool is_own(const std::string& name) {
  const bool is_shard = name.starts_with("model-") && name.ends_with(".safetensors");
  return is_shard || std::ranges::find(kOwnNames, name) != kOwnNames.end() ||
         std::ranges::find(text::kTokenizerFiles, name) != text::kTokenizerFiles.end();
}

}  // namespace

void mark_as_written(const fs::path& folder, std::string_view command) {
  write_json(folder / kNote, {{kWriter, command}});
}

std::string why_not_written(const fs::path& folder, std::string_view command) {
  std::string other = fmt::format("it holds nothing that `albert {}` wrote", command);
  const fs::path note = folder / kNote;
  if (!fs::is_regular_file(note)) return other;
  try {
    if (read_json(read_file(note, kMaxConfigBytes)).at(kWriter) != command) return other;
  } catch (const nlohmann::json::exception&) {
    return other;
  }
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!is_own(name)) return fmt::format("it holds {}, which the command did not write", name);
  }
  return "";
}

void require_other_folder(const fs::path& output, const fs::path& model) {
  std::error_code is_not_there;
  if (!fs::equivalent(destination_of(output), model, is_not_there)) return;
  throw UsageError("--output {} is the model that is read; name another folder", output.string());
}

}  // namespace albert::interop
