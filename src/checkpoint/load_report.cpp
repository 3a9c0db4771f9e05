#include "checkpoint/load_report.h"

#include <map>
#include <set>

#include "base/error.h"
#include "checkpoint/weight_names.h"

namespace albert::checkpoint {

namespace {

std::map<std::string, std::vector<std::string>> by_part(const std::vector<std::string>& names) {
  std::map<std::string, std::vector<std::string>> parts;
  for (const std::string& name : names) parts[part_of(name)].push_back(name);
  return parts;
}

}  // namespace

std::string LoadReport::to_string() const {
  std::map<std::string, std::set<std::string>> parts;
  for (const auto* names : {&loaded, &fresh, &ignored}) {
    for (const std::string& name : *names) parts[part_of(name)].insert(name);
  }
  const auto summary = [&](const std::vector<std::string>& names) {
    std::vector<std::string> words;
    for (const auto& [part, members] : by_part(names)) {
      if (members.size() == parts[part].size() && members.size() > 1) {
        words.push_back(fmt::format("{}.* ({})", part, members.size()));
      } else {
        words.insert(words.end(), members.begin(), members.end());
      }
    }
    return fmt::format("{}", fmt::join(words, ", "));
  };
  std::string text = fmt::format("loaded {} of {} parameters from {}: {}", loaded.size(), loaded.size() + fresh.size(),
                                 file.string(), loaded.empty() ? "none" : summary(loaded));
  if (!fresh.empty()) text += fmt::format("\n  NOT loaded, so they keep their initial values: {}", summary(fresh));
  if (!ignored.empty()) text += fmt::format("\n  in the file, but NOT taken: {}", summary(ignored));
  if (!converted.empty()) text += fmt::format("\n  converted to another type: {}", summary(converted));
  return text;
}

}  // namespace albert::checkpoint
