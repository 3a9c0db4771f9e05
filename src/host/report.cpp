#include "host/report.h"

#include <string_view>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/ranges.h>

#include "base/file.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/shown.h"

namespace albert::host {

namespace {

using nlohmann::ordered_json;

std::string_view name_of(Links links) {
  return links == Links::kSymbolic ? "symbolic" : links == Links::kText ? "text files in their place" : "none";
}

std::string or_unknown(const std::string& text) {
  return text.empty() ? "unknown" : text;
}

/// Lines of a name and what is known of it.
class Lines {
 public:
  void add(std::string_view name, const std::string& value) {
    text_ += fmt::format("{:<18}{}\n", name, printable(value));
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string describe(const Cores& cores) {
  std::string text = fmt::format("{} of {}", cores.allowed, cores.online);
  if (cores.quota) text += fmt::format(", the time of {:.3g} by a control group", *cores.quota);
  return text;
}

std::string describe(const Memory& memory) {
  std::string text = fmt::format("{}, {} available", format_bytes(memory.total), format_bytes(memory.available));
  if (memory.limit) text += fmt::format(", limited to {} by a control group", format_bytes(*memory.limit));
  return text;
}

std::string describe(const Locale& locale) {
  return fmt::format("{}, {}", locale.name.empty() ? "none asked for" : locale.name,
                     locale.charset.empty() ? "which the system does not have" : locale.charset);
}

std::string describe_gpus(const Facts& facts) {
  if (facts.gpus.names.empty() && facts.libtorch.num_gpus == 0) return "none";
  return fmt::format("{}; driver {}; {} usable", fmt::join(facts.gpus.names, ", "), or_unknown(facts.gpus.driver),
                     facts.libtorch.num_gpus);
}

void add_folder(const Folder& folder, Lines& lines) {
  const std::string path = folder.path.string();
  if (!folder.failure.empty()) return lines.add("run folder", fmt::format("{}: {}", path, folder.failure));
  lines.add("run folder", fs::exists(folder.path)
                              ? path
                              : fmt::format("{}, not there yet: {} is looked at", path, folder.probed.string()));
  lines.add("  disk", fmt::format("{}, {} free", or_unknown(folder.file_system), format_bytes(folder.free_bytes)));
  lines.add("  links", std::string(name_of(folder.links)));
  lines.add("  locks", folder.has_locks ? "known" : "unknown");
  lines.add("  fsync", fmt::format("1 MB in {:.1f} ms", folder.sync_ms));
}

ordered_json to_object(const Folder& folder) {
  ordered_json object{{"path", folder.path.string()}, {"probed", folder.probed.string()}};
  if (!folder.failure.empty()) {
    object["failure"] = folder.failure;
    return object;
  }
  object["file_system"] = folder.file_system;
  object["free_bytes"] = folder.free_bytes;
  object["links"] = folder.links == Links::kSymbolic ? "symbolic" : folder.links == Links::kText ? "text" : "none";
  object["locks"] = folder.has_locks;
  object["sync_ms"] = folder.sync_ms;
  return object;
}

/// In the order in which `--precision auto` asks of each whether the model was measured to be as good in it.
std::vector<std::string> predicting_precisions(const Facts& facts) {
  std::vector<std::string> precisions = facts.fast_precisions;
  precisions.emplace_back("float32");
  return precisions;
}

}  // namespace

std::string to_text(const Facts& facts, const std::vector<Advice>& advice) {
  Lines lines;
  lines.add("processor",
            fmt::format("{}: {}", or_unknown(facts.processor.name), fmt::join(facts.processor.instruction_sets, " ")));
  lines.add("own kernels", facts.processor.own_kernels);
  lines.add("LibTorch", fmt::format("{}, {}, {}", facts.libtorch.version, facts.libtorch.capability,
                                    facts.libtorch.has_cuda ? "with CUDA" : "without CUDA"));
  lines.add("  loaded from", or_unknown(facts.libtorch.path.string()));
  lines.add("cores", describe(facts.cores));
  lines.add("threads", fmt::format("{}", facts.libtorch.num_threads));
  lines.add("memory", describe(facts.memory));
  lines.add("GPU", describe_gpus(facts));
  lines.add("float32", fmt::format("{:.0f} GFLOP/s in products on {}", facts.speed.float32 / 1e9, facts.device));
  lines.add("bfloat16", fmt::format("{:.0f} GFLOP/s", facts.speed.bfloat16 / 1e9));
  if (facts.speed.int8 > 0) lines.add("int8", fmt::format("{:.0f} GOP/s, to predict", facts.speed.int8 / 1e9));
  lines.add("precision: auto", facts.auto_takes_bfloat16 ? "bfloat16" : "float32");
  if (facts.device == "cpu") {
    lines.add("  to predict", fmt::format("{}", fmt::join(predicting_precisions(facts), ", else ")));
  }
  lines.add("locale", describe(facts.locale));
  lines.add("open files", fmt::format("{}, at most {}", facts.open_files.limit, facts.open_files.most));
  lines.add("huge pages", facts.huge_pages.empty() ? "none" : facts.huge_pages);
  for (const auto& [name, value] : facts.variables) lines.add("variable", fmt::format("{}={}", name, shortened(value)));
  if (facts.folder) add_folder(*facts.folder, lines);
  if (advice.empty()) return lines.text() + "\nNothing to change.\n";
  std::string text = lines.text() + "\nTo change:\n";
  for (const Advice& one : advice) text += fmt::format("  {}: {}\n", to_string(one.weight), printable(one.text));
  return text;
}

std::string to_json(const Facts& facts, const std::vector<Advice>& advice) {
  ordered_json root;
  root["processor"] = {{"name", facts.processor.name},
                       {"instruction_sets", facts.processor.instruction_sets},
                       {"own_kernels", facts.processor.own_kernels}};
  root["libtorch"] = {{"version", facts.libtorch.version},       {"path", facts.libtorch.path.string()},
                      {"capability", facts.libtorch.capability}, {"threads", facts.libtorch.num_threads},
                      {"cuda", facts.libtorch.has_cuda},         {"gpus", facts.libtorch.num_gpus}};
  root["cores"] = {{"online", facts.cores.online}, {"allowed", facts.cores.allowed}, {"usable", facts.cores.usable()}};
  if (facts.cores.quota) root["cores"]["quota"] = *facts.cores.quota;
  root["memory"] = {{"total_bytes", facts.memory.total}, {"available_bytes", facts.memory.available}};
  if (facts.memory.limit) root["memory"]["limit_bytes"] = *facts.memory.limit;
  root["gpus"] = {{"names", facts.gpus.names}};
  if (!facts.gpus.driver.empty()) root["gpus"]["driver"] = facts.gpus.driver;
  root["speed"] = {{"device", facts.device},
                   {"float32_flops", facts.speed.float32},
                   {"bfloat16_flops", facts.speed.bfloat16},
                   {"int8_ops", facts.speed.int8},
                   {"auto_precision", facts.auto_takes_bfloat16 ? "bfloat16" : "float32"}};
  root["fast_precisions"] = facts.fast_precisions;
  root["locale"] = {{"name", facts.locale.name}, {"charset", facts.locale.charset}};
  root["open_files"] = {{"limit", facts.open_files.limit}, {"most", facts.open_files.most}};
  root["huge_pages"] = facts.huge_pages;
  root["variables"] = ordered_json::object();
  for (const auto& [name, value] : facts.variables) root["variables"][name] = value;
  if (facts.folder) root["run_dir"] = to_object(*facts.folder);
  root["advice"] = ordered_json::array();
  for (const Advice& one : advice) root["advice"].push_back({{"weight", to_string(one.weight)}, {"text", one.text}});
  return dump_json(root, 2) + "\n";
}

}  // namespace albert::host
