#include "corpus/part_builder.h"

#include <algorithm>
#include <optional>

#include "base/atomic_folder.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "base/output.h"
#include "base/signals.h"
#include "corpus/build_settings.h"
#include "corpus/encoded_input.h"
#include "corpus/part_folders.h"
#include "corpus/spool.h"
#include "text/tokenizer.h"

namespace albert::corpus {

namespace {

constexpr const char* kWhat = "part";

std::vector<FileRecord> save_tokenizer(const text::Tokenizer& tokenizer, const fs::path& folder) {
  fs::create_directory(folder / kTokenizerFolder);
  tokenizer.save(folder / kTokenizerFolder);
  std::vector<FileRecord> files;
  for (const auto& entry : fs::directory_iterator(folder / kTokenizerFolder))
    files.push_back(record_file(folder, fs::relative(entry.path(), folder).generic_string()));
  return files;
}

void write_part(const fs::path& folder, const std::vector<InputFile>& files, BuildOptions options,
                const text::Tokenizer& tokenizer, PartManifest& manifest) {
  options.reader.is_part = true;
  EncodedInput input(fmt::format("building part {}", to_string(manifest.part)), files, options, tokenizer);
  SpoolWriter spool(folder, spool_content_for(options.assembly), tokenizer.vocabulary_size());
  while (const std::optional<EncodedBlock> block = input.next(spool.num_documents())) {
    stop_if_asked(kWhat);
    spool.add(*block);
  }
  manifest.num_documents = spool.num_documents();
  manifest.files = spool.finish();
  manifest.statistics = input.statistics();
  manifest.part_lines = input.stream().part_lines();
  for (FileRecord& file : save_tokenizer(tokenizer, folder)) manifest.files.push_back(std::move(file));
  std::ranges::sort(manifest.files, {}, &FileRecord::name);
  write_part_manifest(folder, manifest);
}

BuiltPart build(const BuildOptions& options, const PartOfInput& part, const text::Tokenizer& tokenizer,
                const std::string& program_version) {
  if (options.language.empty())
    throw UsageError("--language: expected an ISO 639 code such as en, de or zh, found none");
  const std::vector<InputFile> files = discover_inputs(options.inputs);
  require_apart(options.output, options.inputs, files);
  const InputShare share = share_of(files, part, options.reader);
  BuiltPart built;
  built.folder = options.output / name_of(part);
  built.manifest.program_version = program_version;
  built.manifest.part = part;
  built.manifest.input = share.whole;
  built.manifest.skips_unreadable = options.reader.skip_unreadable;
  built.manifest.tokenizer_fingerprint = tokenizer.fingerprint();
  built.manifest.vocabulary_size = tokenizer.vocabulary_size();
  built.manifest.settings = settings_of(options);
  if (!options.overwrite && built.take_whole()) return built;
  AtomicFolder folder(built.folder);
  check_output_folder({built.folder, options.overwrite}, "part of a corpus", why_no_part);
  if (share.files.empty()) {
    log_warning(
        "part {} is empty: no document begins in its share of {} bytes in {}; {} parts are more than the input "
        "can be cut into",
        to_string(part), grouped(share.whole.size_bytes), counted(share.whole.num_files, "file"), part.count);
  }
  write_part(folder.temporary(), share.files, options, tokenizer, built.manifest);
  stop_if_asked(kWhat);
  folder.commit();
  return built;
}

}  // namespace

bool BuiltPart::take_whole() {
  std::optional<PartManifest> found = find_whole_part(folder, manifest);
  if (!found) return false;
  manifest = std::move(*found);
  was_there = true;
  return true;
}

BuiltPart build_part(const BuildOptions& options, const PartOfInput& part, const text::Tokenizer& tokenizer,
                     const std::string& program_version) {
  const StopRequest stop;
  try {
    check(options);
    return build(options, part, tokenizer, program_version);
  } catch (const fs::filesystem_error& error) {
    throw IoError("cannot build the part {} in {}: {}", to_string(part), options.output.string(), error.what());
  } catch (const Error&) {
    stop_if_asked(kWhat);  // the signal is why a wait for input ended
    throw;
  }
}

}  // namespace albert::corpus
