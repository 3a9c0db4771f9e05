#include "interop/write_json.h"

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/json.h"

namespace albert::interop {

void write_json(const fs::path& path, const nlohmann::ordered_json& json) {
  write_file_atomically(path, dump_json(json, 2) + "\n");
}

std::string with_dtype(std::string_view config_json, std::string_view dtype) {
  auto config = read_ordered_json(config_json);
  config.erase("torch_dtype");  // as Transformers before 5 calls it
  config["dtype"] = dtype;
  return dump_json(config, 2) + "\n";
}

}  // namespace albert::interop
