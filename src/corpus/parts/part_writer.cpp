#include "corpus/parts/part_writer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/atomic_folder.h"
#include "base/counted.h"
#include "base/log.h"
#include "base/output.h"
#include "base/signals.h"
#include "corpus/building/writing.h"
#include "corpus/parts/part_folders.h"

namespace albert::corpus {

namespace {

void warn_of_empty(const PartManifest& manifest) {
  log_warning(
      "part {} is empty: no document begins in its share of {} bytes in {}; {} parts are more than the input can be "
      "cut into",
      to_string(manifest.part), grouped(manifest.input.size_bytes), counted(manifest.input.num_files, "file"),
      manifest.part.count);
}

/// Takes over the part that lies there already.
/// \return whether it did
bool take_existing(BuiltPart& built, const InputShare& share) {
  // Of a pipe that was left before its end, nothing is known but that it was read: its rest may have been damaged.
  const bool is_partly_read = share.is_pipe() && built.manifest.skips_unreadable;
  std::optional<PartManifest> there;
  there = find_whole_part(built.folder, built.manifest, [&] {
    const std::string checksum = text_checksum_of(share);
    return is_partly_read ? read_part_manifest(built.folder, built.manifest.kind).text_checksum : checksum;
  });
  if (!there) return false;
  built.manifest = *std::move(there);
  built.was_there = true;
  return true;
}

BuiltPart make(const WantedPart& wanted, const FillPart& fill) {
  const Inputs inputs = discover_inputs(wanted.inputs);
  require_apart(wanted.output, inputs);
  const InputShare share = share_of(inputs.files, wanted.manifest.part, wanted.reader);
  BuiltPart built{.folder = wanted.output / name_of(wanted.manifest.part), .manifest = wanted.manifest};
  built.manifest.input = share.whole;
  built.manifest.skips_unreadable = wanted.reader.skip_unreadable;
  if (!wanted.overwrite && take_existing(built, share)) return built;
  AtomicFolder folder({built.folder, wanted.overwrite, fmt::format("part of a {}", to_string(wanted.manifest.kind)),
                       [&](const fs::path& there) { return why_no_part(there, wanted.manifest.kind); }});
  if (share.files.empty()) warn_of_empty(built.manifest);
  if (!share.is_pipe()) built.manifest.text_checksum = text_checksum_of(share);
  ReaderOptions reader = wanted.reader;
  reader.is_part = true;
  fill(folder.temporary(), share.files, reader, built.manifest);
  std::ranges::sort(built.manifest.files, {}, &FileRecord::name);
  write_part_manifest(folder.temporary(), built.manifest);
  stop_if_asked("part");
  folder.commit();
  return built;
}

}  // namespace

BuiltPart make_part(const WantedPart& wanted, const FillPart& fill) {
  return while_writing(
      "part", fmt::format("cannot write the part {} to {}", to_string(wanted.manifest.part), wanted.output.string()),
      [&] { return make(wanted, fill); });
}

}  // namespace albert::corpus
