#include "checkpoint/stored_weights.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "base/checksum.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/shown.h"

namespace albert::checkpoint {

namespace {

/// Other forms in which a folder may hold weights, to say more than that the file is missing.
constexpr std::array kOtherForms = {"tf_model.h5", "flax_model.msgpack"};

fs::path find_weights(const fs::path& path) {
  if (!fs::is_directory(path)) return path;
  for (const char* name : {kModelFile, kModelIndexFile, kTorchFile, kTorchIndexFile}) {
    if (is_there(path / name)) return path / name;
  }
  if (const auto index = find_tensorflow_index(path)) return *index;
  for (const char* other : kOtherForms) {
    if (is_there(path / other)) {
      throw ModelError(
          "{}: expected {}, found only {}; write the weights anew in that one file, as Transformers does by "
          "MODEL.from_pretrained(FOLDER).save_pretrained(NEW_FOLDER)",
          path.string(), kModelFile, other);
    }
  }
  throw ModelError("{}: expected {}, found none; is this a model folder?", path.string(), kModelFile);
}

/// By file the names of its tensors.
using Shards = std::map<std::string, std::set<std::string>>;

Shards parse_index(const fs::path& path) {
  constexpr const char* kWeightMap = "weight_map";
  Shards shards;
  try {
    const nlohmann::json root = read_json(read_file(path, kMaxConfigBytes));
    for (const auto& [name, file] : json_object(json_member(root, kWeightMap), kWeightMap).items()) {
      shards[json_value<std::string>(file, fmt::format("{}.{}", kWeightMap, name))].insert(name);
    }
  } catch (const nlohmann::json::exception& error) {
    throw ModelError("{}: expected an object with the file of each tensor under weight_map: {}", path.string(),
                     json_problem(error));
  }
  if (shards.empty()) throw ModelError("{}: weight_map names no tensor", path.string());
  return shards;
}

/// A name of the index must not lead out of the folder.
fs::path shard_file(const fs::path& index, const std::string& name) {
  const fs::path file(name);
  if (name.empty() || name == "." || name == ".." || file.filename() != file) {
    throw ModelError("{}: weight_map: expected the names of files beside it, found {}", index.string(),
                     in_quotes(name));
  }
  const fs::path path = index.parent_path() / file;
  if (!is_there(path)) throw ModelError("{}: the file {} that it names is missing", index.string(), in_quotes(name));
  return path;
}

void check_shard(const fs::path& index, const fs::path& file, const std::vector<StoredTensor>& tensors,
                 std::set<std::string> expected) {
  for (const StoredTensor& tensor : tensors) {
    if (expected.erase(tensor.name) != 0) continue;
    throw ModelError("{}: expected all tensors of {} in its weight_map, found no {}", index.string(),
                     file.filename().string(), tensor.name);
  }
  if (expected.empty()) return;
  throw ModelError("{}: expected the tensor {}, which {} says to be in it, found none", file.string(),
                   *expected.begin(), index.filename().string());
}

const std::vector<StoredTensor>& tensors_of(const auto& file) {
  return std::visit([](const auto& one) -> const std::vector<StoredTensor>& { return one.tensors(); }, file);
}

std::vector<fs::path> paths_of(const auto& file) {
  if (const auto* const checkpoint = std::get_if<TensorFlowCheckpoint>(&file)) return checkpoint->files();
  return {std::visit([](const auto& one) { return one.path(); }, file)};
}

/// The index of the one checkpoint that lies in the folder itself.
std::optional<fs::path> find_index_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code is_no_folder;
  for (const auto& entry : fs::directory_iterator(folder, is_no_folder)) {
    if (entry.path().extension() == ".index" && is_tensorflow_checkpoint(entry.path())) found.push_back(entry.path());
  }
  if (found.empty()) return std::nullopt;
  if (found.size() == 1) return found.front();
  std::ranges::sort(found);
  throw ModelError("{}: expected one TensorFlow checkpoint, found {}, as {} and {}; leave one in the folder",
                   folder.string(), found.size(), found[0].filename().string(), found[1].filename().string());
}

}  // namespace

std::optional<fs::path> find_tensorflow_index(const fs::path& folder) {
  auto found = find_index_in(folder);
  return found ? found : find_index_in(folder / kHubFolder);
}

StoredWeights::File StoredWeights::open(const fs::path& path) {
  if (is_tensorflow_checkpoint(path)) return TensorFlowCheckpoint(path);
  if (is_torch_file(path)) return TorchFile(path);
  return SafetensorsFile(path);
}

StoredWeights::StoredWeights(const fs::path& path) : path_(find_weights(path)) {
  if (path_.filename() != kModelIndexFile && path_.filename() != kTorchIndexFile) {
    files_.push_back(open(path_));
    return;
  }
  for (auto& [name, tensors] : parse_index(path_)) {
    const fs::path file = shard_file(path_, name);
    files_.push_back(open(file));
    check_shard(path_, file, tensors_of(files_.back()), tensors);
  }
}

std::vector<fs::path> StoredWeights::files() const {
  std::vector<fs::path> paths;
  for (const File& file : files_) std::ranges::copy(paths_of(file), std::back_inserter(paths));
  return paths;
}

std::vector<const StoredTensor*> StoredWeights::tensors() const {
  std::vector<const StoredTensor*> tensors;
  for (const File& file : files_) {
    for (const StoredTensor& tensor : tensors_of(file)) tensors.push_back(&tensor);
  }
  return tensors;
}

std::string StoredWeights::checksum() const {
  const std::vector<fs::path> paths = files();
  if (paths.size() == 1) return checksum_of_file(paths.front());
  std::string of_files;
  for (const fs::path& path : paths) of_files += checksum_of_file(path) + '\n';
  return checksum_of(of_files);
}

std::vector<std::string> StoredWeights::remarks() const {
  std::vector<std::string> remarks;
  for (const File& file : files_) {
    const auto* const checkpoint = std::get_if<TensorFlowCheckpoint>(&file);
    if (checkpoint == nullptr) continue;
    std::ranges::copy(checkpoint->notes(), std::back_inserter(remarks));
    std::map<std::string, std::vector<std::string>> skipped;
    for (const auto& [name, reason] : checkpoint->skipped()) skipped[reason].push_back(name);
    for (const auto& [reason, names] : skipped) {
      remarks.push_back(
          fmt::format("left out, {}: {}, as {}", reason, counted(names.size(), "variable"), names.front()));
    }
  }
  return remarks;
}

}  // namespace albert::checkpoint
