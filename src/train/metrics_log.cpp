#include "train/metrics_log.h"

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/atomic_file.h"

namespace albert::train {

namespace {

bool belongs(std::string_view line, std::int64_t step) {
  const auto record = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  return record.is_object() && record.contains("step") && record["step"].is_number_integer() &&
         record["step"].get<std::int64_t>() <= step;
}

/// Removes the lines of later steps; returns the path for the constructor's use.
std::filesystem::path cut_back(const std::filesystem::path& path, std::int64_t step) {
  if (!fs::exists(path)) return path;
  const std::string content = read_file(path);
  std::string kept;
  for (std::size_t begin = 0; begin < content.size();) {
    const std::size_t end = content.find('\n', begin);
    if (end == std::string::npos) break;  // a line without its end is torn
    const std::string_view line(content.data() + begin, end - begin);
    if (belongs(line, step)) kept.append(line).append("\n");
    begin = end + 1;
  }
  if (kept.size() != content.size()) write_file_atomically(path, kept);
  return path;
}

}  // namespace

MetricsLog::MetricsLog(const std::filesystem::path& path, std::int64_t step)
    : file_(cut_back(path, step), FileWriter::Mode::kAppend) {}

void MetricsLog::write(std::int64_t step, const metrics::Figures& figures) {
  nlohmann::ordered_json record;
  record["step"] = step;
  for (const auto& [name, value] : figures) record[name] = value;
  file_.write(record.dump() + "\n");
  file_.flush();
}

}  // namespace albert::train
