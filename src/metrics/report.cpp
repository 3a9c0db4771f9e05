#include "metrics/report.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

namespace albert::metrics {

void leave_out_infinite(Report& report) {
  std::erase_if(report.figures, [&report](const auto& figure) {
    if (std::isfinite(figure.second)) return false;
    report.undefined.emplace_back(figure.first,
                                  "it is larger than a number can be; look for labels or scores that are");
    return true;
  });
}

std::string to_json(const Report& report) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const auto& [name, value] : report.figures) object[name] = value;
  for (const auto& [name, reason] : report.undefined) object["undefined"][name] = reason;
  if (!report.json.empty()) object["details"] = nlohmann::ordered_json::parse(report.json);
  return object.dump(2);
}

std::string to_text(const Report& report) {
  std::size_t width = 0;
  for (const auto& [name, value] : report.figures) width = std::max(width, name.size());
  std::string text;
  for (const auto& [name, value] : report.figures) text += fmt::format("{:<{}}  {:.4f}\n", name, width, value);
  for (const auto& [name, reason] : report.undefined) text += fmt::format("{} is undefined: {}\n", name, reason);
  if (!report.table.empty()) text += "\n" + report.table;
  return text;
}

}  // namespace albert::metrics
