#include "corpus/builder.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/atomic_folder.h"
#include "base/error.h"
#include "base/log.h"
#include "base/output.h"
#include "base/progress.h"
#include "base/signals.h"
#include "corpus/build_settings.h"
#include "corpus/build_warnings.h"
#include "corpus/encoded_input.h"
#include "corpus/spool.h"
#include "text/tokenizer.h"

namespace albert::corpus {

namespace {

constexpr const char* kWhat = "corpus";
constexpr const char* kTitle = "building the corpus";

/// That nothing of value lies where the corpus is to be.
void check_output(const BuildOptions& options) {
  if (options.language.empty())
    throw UsageError("--language: expected an ISO 639 code such as en, de or zh, found none");
  check_output_folder({options.output, options.overwrite}, "corpus", why_no_corpus);
}

/// The files to read.
/// Throws UsageError if the corpus were read as its own input.
std::vector<InputFile> find_inputs(const BuildOptions& options) {
  std::vector<InputFile> files = discover_inputs(options.inputs);
  require_apart(options.output, options.inputs, files);
  return files;
}

using Statistics = std::map<std::string, std::uint64_t>;

/// Writes every document as it comes.
/// \return what was read
Statistics assemble_directly(Assembly& assembly, const BuildOptions& options, const text::Tokenizer& tokenizer) {
  EncodedInput input(kTitle, find_inputs(options), options, tokenizer);
  while (const std::optional<EncodedBlock> block = input.next(assembly.num_documents())) {
    stop_if_asked(kWhat);
    assembly.add(*block);
  }
  return input.statistics();
}

/// Writes all documents to a spool.
/// \return what was read
Statistics write_spool(const fs::path& folder, const BuildOptions& options, const text::Tokenizer& tokenizer) {
  EncodedInput input(kTitle, find_inputs(options), options, tokenizer);
  SpoolWriter spool(folder, spool_content_for(options.assembly), tokenizer.vocabulary_size());
  while (const std::optional<EncodedBlock> block = input.next(spool.num_documents())) {
    stop_if_asked(kWhat);
    spool.add(*block);
  }
  spool.finish();
  return input.statistics();
}

/// Knows all documents before the first is written. What read them is gone by then, with its memory.
Statistics assemble_from_spool(Assembly& assembly, const BuildOptions& options, const text::Tokenizer& tokenizer,
                               const fs::path& folder) {
  const fs::path spool = folder / "spool";
  fs::create_directory(spool);
  Statistics statistics = write_spool(spool, options, tokenizer);
  Progress progress("writing the corpus", fs::file_size(spool / kBlocksFile));
  assembly.add({spool}, [&](std::uint64_t bytes) { progress.update(bytes, format_bytes(bytes)); });
  fs::remove_all(spool);
  return statistics;
}

/// The build less the checks of its options.
Manifest build_into(AtomicFolder& folder, const BuildOptions& options, const text::Tokenizer& tokenizer) {
  Assembly assembly(folder.temporary(), tokenizer, options.assembly);
  Manifest manifest;
  manifest.settings = settings_of(options);
  manifest.statistics = options.assembly.needs_spool()
                            ? assemble_from_spool(assembly, options, tokenizer, folder.temporary())
                            : assemble_directly(assembly, options, tokenizer);
  stop_if_asked(kWhat);
  manifest = assembly.finish(std::move(manifest), {});
  stop_if_asked(kWhat);
  folder.commit();
  return manifest;
}

}  // namespace

Manifest build_corpus(const BuildOptions& options, const text::Tokenizer& tokenizer) {
  const StopRequest stop;
  try {
    check(options);
    AtomicFolder folder(options.output);
    check_output(options);  // now that no other process is about to put one there
    Manifest manifest = build_into(folder, options, tokenizer);
    warn_of_poor_corpus(manifest);
    return manifest;
  } catch (const fs::filesystem_error& error) {
    throw IoError("cannot build the corpus {}: {}", options.output.string(), error.what());
  } catch (const Error&) {
    stop_if_asked(kWhat);  // the signal is why a wait for input ended
    throw;
  }
}

}  // namespace albert::corpus
