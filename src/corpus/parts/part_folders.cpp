#include "corpus/parts/part_folders.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/counted.h"
#include "base/error.h"
#include "base/glob.h"
#include "base/progress.h"
#include "base/shown.h"
#include "corpus/encoding/spool.h"
#include "text/tokenizer_files.h"

namespace albert::corpus {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> part_folders(const std::vector<fs::path>& folders, PartKind kind) {
  std::vector<fs::path> found;
  for (const fs::path& folder : folders) {
    if (!fs::is_directory(folder))
      throw IoError("{}: expected a folder with parts of a {}, found none", folder.string(), to_string(kind));
    if (fs::exists(folder / kPartManifestName)) {
      found.push_back(folder);
      continue;
    }
    const std::size_t before = found.size();
    for (const auto& entry : fs::directory_iterator(folder)) {
      const bool is_hidden = entry.path().filename().string().starts_with('.');  // one that is being written
      if (!is_hidden && fs::exists(entry.path() / kPartManifestName)) found.push_back(entry.path());
    }
    if (found.size() == before) {
      throw DataError("{}: no part of a {} lies there; `{} --part 1/8 --output {}` makes one", folder.string(),
                      to_string(kind), command_of(kind), shell_quoted(folder.string()));
    }
  }
  return distinct(found);
}

/// "3, 5 and 7"; of many, the first.
std::string listed_numbers(const std::vector<std::uint64_t>& numbers) {
  constexpr std::size_t kMaxListed = 10;
  std::string text;
  for (std::size_t i = 0; i < std::min(numbers.size(), kMaxListed); ++i)
    text += fmt::format("{}{}", i == 0 ? "" : i + 1 == numbers.size() ? " and " : ", ", numbers[i]);
  return numbers.size() > kMaxListed ? fmt::format("{} and {} more", text, numbers.size() - kMaxListed) : text;
}

void require_all(const std::vector<FoundPart>& parts) {
  const std::uint64_t count = parts.front().manifest.part.count;
  std::vector<std::uint64_t> missing;
  std::size_t next = 0;
  for (std::uint64_t number = 1; number <= count; ++number) {
    if (next < parts.size() && parts[next].manifest.part.number == number) {
      ++next;
    } else {
      missing.push_back(number);
    }
  }
  if (missing.empty()) return;
  throw DataError("expected {} parts, found {}: {} {} of {} {} missing; build {} with --part {}/{}", count,
                  parts.size(), missing.size() == 1 ? "part" : "parts", listed_numbers(missing), count,
                  missing.size() == 1 ? "is" : "are", missing.size() == 1 ? "it" : "each, the first", missing.front(),
                  count);
}

}  // namespace

std::string why_no_part(const fs::path& folder, PartKind kind) {
  if (!fs::exists(folder / kPartManifestName)) return fmt::format("it has no {}", kPartManifestName);
  static constexpr std::array kNames{kPartManifestName, kTokenizerFolder, kBlocksFile,
                                     kDocumentsFile,    kSignaturesFile,  kLinesFile};
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (std::ranges::find(kNames, name) == kNames.end()) return fmt::format("it holds {}", name);
    if (name != kTokenizerFolder && !entry.is_regular_file()) return fmt::format("it holds {}, which is no file", name);
    if (name == kTokenizerFolder && entry.is_directory()) {
      if (std::string reason = text::why_no_tokenizer(entry.path()); !reason.empty())
        return fmt::format("in {}, {}", name, reason);
    }
  }
  try {
    read_part_manifest(folder, kind);
  } catch (const DataError& error) {
    return error.what();
  }
  return "";
}

std::optional<PartManifest> find_whole_part(const fs::path& folder, const PartManifest& expected,
                                            const std::function<std::string()>& read_text) {
  if (!fs::exists(folder / kPartManifestName)) return std::nullopt;
  const auto refuse = [&](const std::string& why) {
    throw UsageError("--output: the part {} exists, but cannot be left as it is: {}; pass --overwrite to build it anew",
                     folder.string(), why);
  };
  PartManifest found;
  try {
    found = read_part_manifest(folder, expected.kind);
  } catch (const DataError& error) {
    refuse(error.what());
  }
  if (const std::string why = difference(found, expected); !why.empty()) refuse(why);
  if (found.part != expected.part)
    refuse(fmt::format("expected part {}, found part {}", to_string(expected.part), to_string(found.part)));
  if (const std::string why = damage_of(folder, found); !why.empty()) refuse(why);
  if (read_text() != found.text_checksum)
    refuse("its input has the same names and sizes, but its text is not the one that the part was made of");
  return found;
}

std::vector<FoundPart> find_parts(const std::vector<fs::path>& folders, PartKind kind,
                                  const std::string& program_version) {
  std::vector<FoundPart> parts;
  for (const fs::path& folder : part_folders(folders, kind))
    parts.push_back({folder, read_part_manifest(folder, kind)});
  if (parts.empty()) throw UsageError("expected the folders of parts, found none");
  std::ranges::stable_sort(parts, {},
                           [](const FoundPart& each) { return std::pair(each.manifest.part.number, each.folder); });
  const FoundPart& first = parts.front();
  if (first.manifest.program_version != program_version) {
    throw DataError(
        "{} was made by the version {} of this program, which is {}: merge the parts with that version, or build "
        "them again with this one",
        first.folder.string(), first.manifest.program_version, program_version);
  }
  for (const FoundPart& part : parts) {
    if (const std::string why = difference(part.manifest, first.manifest); !why.empty()) {
      throw DataError("{} is no part of the same {} as {}: {}; leave it out, or build it again", part.folder.string(),
                      to_string(kind), first.folder.string(), why);
    }
  }
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i].manifest.part.number != parts[i - 1].manifest.part.number) continue;
    throw DataError("part {} is there twice: expected one folder, found {} and {}; leave one out",
                    to_string(parts[i].manifest.part), parts[i - 1].folder.string(), parts[i].folder.string());
  }
  require_all(parts);
  return parts;
}

void check_content(const std::vector<FoundPart>& parts) {
  Progress progress("reading the parts", parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (const std::string why = damage_of(parts[i].folder, parts[i].manifest); !why.empty()) {
      throw DataError("part {} is damaged: {}; build it again (--part {} --overwrite)",
                      to_string(parts[i].manifest.part), why, to_string(parts[i].manifest.part));
    }
    progress.update(i + 1, fmt::format("part {}", to_string(parts[i].manifest.part)));
  }
}

}  // namespace albert::corpus
