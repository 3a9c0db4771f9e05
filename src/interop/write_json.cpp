#include "interop/write_json.h"

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"
#include "base/json.h"

namespace albert::interop {

void write_json(const fs::path& path, const nlohmann::ordered_json& json) {
  write_file_atomically(path, dump_json(json, 2) + "\n");
}

}  // namespace albert::interop
