#include "checkpoint/stored_weights.h"

#include <array>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "base/checksum.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"

namespace albert::checkpoint {

namespace {

/// Other forms in which a folder may hold weights, to say more than that the file is missing.
constexpr std::array kOtherForms = {"pytorch_model.bin", "pytorch_model.bin.index.json", "model.ckpt-best.index",
                                    "tf_model.h5"};

fs::path find_weights(const fs::path& path) {
  if (!fs::is_directory(path)) return path;
  for (const char* name : {kModelFile, kModelIndexFile}) {
    if (fs::exists(path / name)) return path / name;
  }
  for (const char* other : kOtherForms) {
    if (fs::exists(path / other)) {
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
    throw ModelError("{}: weight_map: expected the names of files beside it, found '{}'", index.string(), name);
  }
  const fs::path path = index.parent_path() / file;
  if (!fs::exists(path)) throw ModelError("{}: the file {} that it names is missing", index.string(), name);
  return path;
}

void check_shard(const fs::path& index, const SafetensorsFile& file, std::set<std::string> expected) {
  for (const StoredTensor& tensor : file.tensors()) {
    if (expected.erase(tensor.name) != 0) continue;
    throw ModelError("{}: expected all tensors of {} in its weight_map, found no {}", index.string(),
                     file.path().filename().string(), tensor.name);
  }
  if (expected.empty()) return;
  throw ModelError("{}: expected the tensor {}, which {} says to be in it, found none", file.path().string(),
                   *expected.begin(), index.filename().string());
}

}  // namespace

StoredWeights::StoredWeights(const fs::path& path) : path_(find_weights(path)) {
  if (path_.filename() != kModelIndexFile) {
    files_.emplace_back(path_);
    return;
  }
  for (auto& [name, tensors] : parse_index(path_)) {
    files_.emplace_back(shard_file(path_, name));
    check_shard(path_, files_.back(), tensors);
  }
}

std::vector<const StoredTensor*> StoredWeights::tensors() const {
  std::vector<const StoredTensor*> tensors;
  for (const SafetensorsFile& file : files_) {
    for (const StoredTensor& tensor : file.tensors()) tensors.push_back(&tensor);
  }
  return tensors;
}

std::string StoredWeights::checksum() const {
  if (files_.size() == 1) return checksum_of_file(files_.front().path());
  std::string of_files;
  for (const SafetensorsFile& file : files_) of_files += checksum_of_file(file.path()) + '\n';
  return checksum_of(of_files);
}

}  // namespace albert::checkpoint
