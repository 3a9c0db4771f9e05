#include "inference/model_path.h"

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"

namespace albert::inference {

fs::path find_model_folder(const fs::path& path) {
  constexpr const char* kConfigFile = "config.json";  // of every model folder
  if (fs::is_regular_file(path / kConfigFile)) return path;
  for (const char* link : {"checkpoints/best", "checkpoints/latest"}) {
    if (!fs::is_regular_file(path / link / kConfigFile)) continue;
    log_info("of the run {}: {} ({})", path.string(), link, fs::canonical(path / link).filename().string());
    return path / link;
  }
  const bool has_seeds = fs::is_directory(path / "seed-1");
  throw ModelError("{} is not a model folder: there is no {} in it{}", path.string(), kConfigFile,
                   has_seeds ? "; it holds runs of several seeds: name one of them, as seed-1" : "");
}

}  // namespace albert::inference
