#include "corpus/parts/part_manifest.h"

#include <set>

#include "base/atomic_file.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/shown.h"
#include "corpus/store/checked_json.h"
#include "corpus/store/file_record.h"

namespace albert::corpus {

namespace {

using Json = nlohmann::ordered_json;

Json lines_to_json(const PartLines& lines) {
  return {{"file", lines.file}, {"good", lines.lines.good}, {"bad_at_start", lines.lines.bad_at_start}};
}

PartLines lines_from_json(const Json& json) {
  return {.file = json_value_of<std::uint32_t>(json, "file"),
          .lines = {.good = json_value_of<std::uint64_t>(json, "good"),
                    .bad_at_start = json_value_of<std::uint64_t>(json, "bad_at_start")}};
}

PartKind kind_from(const std::string& name) {
  for (const PartKind kind : {PartKind::kCorpus, PartKind::kSample}) {
    if (name == to_string(kind)) return kind;
  }
  throw DataError("expected a part of a corpus or of a sample, found one of {}", in_quotes(name));
}

PartManifest manifest_from_json(const Json& json) {
  PartManifest manifest;
  manifest.kind = kind_from(json_value_of<std::string>(json, "kind"));
  manifest.program_version = json_value_of<std::string>(json, "program_version");
  manifest.part = {.number = json_value_of<std::uint64_t>(json, "part"),
                   .count = json_value_of<std::uint64_t>(json, "parts")};
  const Json& input = json_member(json, "input");
  manifest.input = {.num_files = json_value_of<std::uint64_t>(input, "files"),
                    .size_bytes = json_value_of<std::uint64_t>(input, "size_bytes"),
                    .checksum = json_value_of<std::string>(input, "checksum")};
  manifest.text_checksum = json_value_of<std::string>(json, "text_checksum");
  manifest.skips_unreadable = json_value_of<bool>(json, "skips_unreadable");
  manifest.tokenizer_fingerprint = json_value_of<std::string>(json, "tokenizer_fingerprint");
  manifest.vocabulary_size = json_value_of<std::int32_t>(json, "vocabulary_size");
  manifest.settings = json_value_of<std::map<std::string, std::string>>(json, "settings");
  manifest.statistics = json_value_of<std::map<std::string, std::uint64_t>>(json, "statistics");
  manifest.num_documents = json_value_of<std::uint64_t>(json, "documents");
  for (const Json& lines : json_list_of(json, "cut_files")) manifest.part_lines.push_back(lines_from_json(lines));
  for (const Json& file : json_list_of(json, "files")) manifest.files.push_back(file_from_json(file));
  return manifest;
}

std::string to_json(const PartManifest& manifest) {
  Json json = {{"version", PartManifest::kVersion},
               {"kind", to_string(manifest.kind)},
               {"program_version", manifest.program_version},
               {"part", manifest.part.number},
               {"parts", manifest.part.count},
               {"input",
                {{"files", manifest.input.num_files},
                 {"size_bytes", manifest.input.size_bytes},
                 {"checksum", manifest.input.checksum}}},
               {"text_checksum", manifest.text_checksum},
               {"skips_unreadable", manifest.skips_unreadable},
               {"tokenizer_fingerprint", manifest.tokenizer_fingerprint},
               {"vocabulary_size", manifest.vocabulary_size},
               {"settings", manifest.settings},
               {"statistics", manifest.statistics},
               {"documents", manifest.num_documents},
               {"cut_files", Json::array()},
               {"files", Json::array()}};
  for (const PartLines& lines : manifest.part_lines) json["cut_files"].push_back(lines_to_json(lines));
  for (const FileRecord& file : manifest.files) json["files"].push_back(file_to_json(file));
  return to_checked_text(std::move(json));
}

std::string text_of(const InputIdentity& input) {
  return fmt::format("{} of {} bytes with the checksum {}", counted(input.num_files, "file"), input.size_bytes,
                     shortened(input.checksum));
}

/// The value of a setting, for messages.
std::string value_of(const std::map<std::string, std::string>& settings, const std::string& name) {
  const auto found = settings.find(name);
  return found == settings.end() ? "none" : in_quotes(found->second);
}

}  // namespace

void write_part_manifest(const fs::path& folder, const PartManifest& manifest) {
  write_file_atomically(folder / kPartManifestName, to_json(manifest));
}

PartManifest read_part_manifest(const fs::path& folder, PartKind kind) {
  const fs::path path = folder / kPartManifestName;
  if (!fs::is_regular_file(path)) {
    throw DataError("{}: no {} there: not a part of a {}; `{} --part 1/8` makes one", folder.string(),
                    kPartManifestName, to_string(kind), command_of(kind));
  }
  return read_checked_text(read_file(path), path, "part", [kind](const Json& root) {
    const auto version = json_value_of<std::int64_t>(root, "version");
    if (version != PartManifest::kVersion)
      throw DataError("expected version {}, found {}", PartManifest::kVersion, version);
    PartManifest manifest = manifest_from_json(root);
    if (manifest.kind != kind)
      throw DataError("expected a part of a {}, found one of a {}", to_string(kind), to_string(manifest.kind));
    return manifest;
  });
}

std::string difference(const PartManifest& found, const PartManifest& expected) {
  const auto differs = [](std::string_view what, const auto& a, const auto& b) {
    return fmt::format("{}: expected {}, found {}", what, b, a);
  };
  if (found.part.count != expected.part.count)
    return differs("the number of parts", found.part.count, expected.part.count);
  if (found.program_version != expected.program_version)
    return differs("the version of the program", shortened(found.program_version), expected.program_version);
  if (found.input != expected.input) return differs("the input", text_of(found.input), text_of(expected.input));
  if (found.tokenizer_fingerprint != expected.tokenizer_fingerprint)
    return differs("the tokenizer", shortened(found.tokenizer_fingerprint), shortened(expected.tokenizer_fingerprint));
  if (found.skips_unreadable != expected.skips_unreadable)
    return differs("--skip-unreadable", found.skips_unreadable, expected.skips_unreadable);
  std::set<std::string> names;
  for (const auto* settings : {&found.settings, &expected.settings}) {
    for (const auto& [name, value] : *settings) names.insert(name);
  }
  for (const std::string& name : names) {
    const std::string a = value_of(found.settings, name);
    const std::string b = value_of(expected.settings, name);
    if (a != b) return differs("the setting " + shortened(name), a, b);
  }
  return "";
}

std::string damage_of(const fs::path& folder, const PartManifest& manifest) {
  for (const FileRecord& file : manifest.files) {
    if (std::string problem = compare(folder / file.name, file); !problem.empty()) return problem;
  }
  return "";
}

}  // namespace albert::corpus
