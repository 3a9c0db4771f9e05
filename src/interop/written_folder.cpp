#include "interop/written_folder.h"

#include <algorithm>
#include <optional>
#include <set>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "base/destination.h"
#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/shown.h"
#include "interop/write_json.h"

namespace albert::interop {

namespace {

constexpr const char* kNote = "albert_cpp.json";
constexpr const char* kWriter = "written_by";
constexpr const char* kContent = "content";

/// All that is in a folder, below it, in the order of its names: "onnx", "onnx/model.onnx".
std::set<std::string> content_of(const fs::path& folder) {
  std::set<std::string> content;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    content.insert(entry.path().lexically_relative(folder).generic_string());
  }
  content.erase(kNote);
  return content;
}

/// What the note of a folder says that one of some commands wrote; nothing if another one did, or none.
std::optional<std::set<std::string>> written_by(const fs::path& folder, const Commands& commands) try {
  const fs::path note = folder / kNote;
  if (!fs::is_regular_file(note)) return std::nullopt;
  const nlohmann::json root = read_json(read_file(note, kMaxConfigBytes));
  const auto writer = json_value<std::string>(json_member(root, kWriter), kWriter);
  if (std::ranges::find(commands, writer) == commands.end()) return std::nullopt;
  const auto names = json_value<std::vector<std::string>>(json_member(root, kContent), kContent);
  return std::set<std::string>(names.begin(), names.end());
} catch (const nlohmann::json::exception&) {
  return std::nullopt;
}

}  // namespace

void mark_as_written(const fs::path& folder, std::string_view command) {
  write_json(folder / kNote, {{kWriter, command}, {kContent, content_of(folder)}});
}

std::string why_not_written(const fs::path& folder, const Commands& commands) {
  const auto written = written_by(folder, commands);
  if (!written) return fmt::format("it holds nothing that `albert {}` wrote", commands.front());
  for (const std::string& name : content_of(folder)) {
    if (!written->contains(name)) return fmt::format("it holds {}, which the command did not write", printable(name));
  }
  return "";
}

void require_other_folder(const fs::path& output, const fs::path& read) {
  std::error_code is_not_there;
  const fs::path place = destination_of(output);
  const bool is_read =
      fs::equivalent(place, read, is_not_there) ||
      (fs::is_regular_file(read) && fs::equivalent(place, fs::absolute(read).parent_path(), is_not_there));
  if (!is_read) return;
  throw UsageError("--output {} is the folder of what is read; name another one", output.string());
}

}  // namespace albert::interop
