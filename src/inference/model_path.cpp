#include "inference/model_path.h"

#include "base/error.h"
#include "base/file.h"

namespace albert::inference {

fs::path find_model_folder(const fs::path& path) {
  constexpr const char* kConfigFile = "config.json";  // of every model folder
  if (fs::is_regular_file(path / kConfigFile)) return path;
  for (const char* link : {"checkpoints/best", "checkpoints/latest"}) {
    if (fs::is_regular_file(path / link / kConfigFile)) return path / link;
  }
  const bool has_seeds = fs::is_directory(path / "seed-1");
  throw ModelError("{} is not a model folder: there is no {} in it{}", path.string(), kConfigFile,
                   has_seeds ? "; it holds runs of several seeds: name one of them, as seed-1" : "");
}

}  // namespace albert::inference
