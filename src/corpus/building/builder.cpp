#include "corpus/building/builder.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/atomic_folder.h"
#include "base/file.h"
#include "base/output.h"
#include "base/signals.h"
#include "corpus/building/build_warnings.h"
#include "corpus/building/corpus_writer.h"
#include "corpus/building/encoded_input.h"
#include "corpus/building/tokenizer_copy.h"
#include "corpus/building/writing.h"
#include "corpus/encoding/spool.h"
#include "text/tokenizer.h"

namespace albert::corpus {

namespace {

constexpr const char* kTitle = "building the corpus";

/// The files to read.
/// Throws UsageError if the corpus were read as its own input.
std::vector<InputFile> find_inputs(const BuildOptions& options) {
  Inputs inputs = discover_inputs(options.inputs);
  require_apart(options.output, inputs);
  return std::move(inputs.files);
}

using Statistics = std::map<std::string, std::uint64_t>;

/// Writes every document as it comes.
/// \return what was read
Statistics write_directly(CorpusWriter& corpus, const BuildOptions& options, const text::Tokenizer& tokenizer) {
  EncodedInput input(kTitle, find_inputs(options), options, tokenizer);
  while (const std::optional<EncodedBlock> block = input.next(corpus.num_documents())) {
    stop_if_asked("corpus");
    corpus.add(*block);
  }
  return input.statistics();
}

/// Writes all documents to a spool.
/// \return what was read
Statistics write_spool(const fs::path& folder, const BuildOptions& options, const text::Tokenizer& tokenizer) {
  EncodedInput input(kTitle, find_inputs(options), options, tokenizer);
  SpoolWriter spool(folder, spool_content_for(options.assembly), tokenizer.vocabulary_size());
  while (const std::optional<EncodedBlock> block = input.next(spool.num_documents())) {
    stop_if_asked("corpus");
    spool.add(*block);
  }
  spool.finish();
  return input.statistics();
}

/// Knows all documents before the first is written. What read them is gone by then, with its memory.
Statistics write_from_spool(CorpusWriter& corpus, const BuildOptions& options, const text::Tokenizer& tokenizer,
                            const fs::path& folder) {
  const fs::path spool = folder / "spool";
  make_folder(spool);
  Statistics statistics = write_spool(spool, options, tokenizer);
  corpus.add({spool});
  fs::remove_all(spool);
  return statistics;
}

/// The build less the checks of its options.
Manifest build_into(AtomicFolder& folder, const BuildOptions& options, const text::Tokenizer& tokenizer) {
  CorpusWriter corpus(folder.temporary(), tokenizer, options.assembly);
  Manifest manifest;
  manifest.settings = settings_of(options);
  manifest.statistics = options.assembly.needs_spool()
                            ? write_from_spool(corpus, options, tokenizer, folder.temporary())
                            : write_directly(corpus, options, tokenizer);
  stop_if_asked("corpus");
  manifest = corpus.finish(std::move(manifest), [&](const fs::path& place) { return put_tokenizer(place, tokenizer); });
  stop_if_asked("corpus");
  folder.commit();
  return manifest;
}

}  // namespace

Manifest build_corpus(const BuildOptions& options, const text::Tokenizer& tokenizer) {
  return while_writing("corpus", fmt::format("cannot build the corpus {}", options.output.string()), [&] {
    check(options);
    AtomicFolder folder({options.output, options.overwrite, "corpus", why_no_corpus});
    Manifest manifest = build_into(folder, options, tokenizer);
    warn_of_poor_corpus(manifest);
    return manifest;
  });
}

}  // namespace albert::corpus
