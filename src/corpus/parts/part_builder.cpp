#include "corpus/parts/part_builder.h"

#include <optional>

#include "base/signals.h"
#include "corpus/building/corpus_writer.h"
#include "corpus/building/encoded_input.h"
#include "corpus/building/tokenizer_copy.h"
#include "corpus/encoding/spool.h"
#include "text/tokenizer.h"

namespace albert::corpus {

BuiltPart build_part(const BuildOptions& options, const PartOfInput& part, const text::Tokenizer& tokenizer,
                     const std::string& program_version) {
  check(options);
  WantedPart wanted{
      .inputs = options.inputs, .reader = options.reader, .output = options.output, .overwrite = options.overwrite};
  wanted.manifest.program_version = program_version;
  wanted.manifest.part = part;
  wanted.manifest.tokenizer_fingerprint = tokenizer.fingerprint();
  wanted.manifest.vocabulary_size = tokenizer.vocabulary_size();
  wanted.manifest.settings = settings_of(options);
  return make_part(wanted, [&](const fs::path& folder, const std::vector<InputFile>& files, const ReaderOptions& reader,
                               PartManifest& manifest) {
    BuildOptions of_part = options;
    of_part.reader = reader;
    EncodedInput input(fmt::format("building part {}", to_string(part)), files, of_part, tokenizer);
    SpoolWriter spool(folder, spool_content_for(options.assembly), tokenizer.vocabulary_size());
    while (const std::optional<EncodedBlock> block = input.next(spool.num_documents())) {
      stop_if_asked("part");
      spool.add(*block);
    }
    manifest.num_documents = spool.num_documents();
    manifest.files = spool.finish();
    manifest.statistics = input.statistics();
    manifest.part_lines = input.stream().part_lines();
    if (manifest.text_checksum.empty()) manifest.text_checksum = input.stream().piped_checksum();
    for (FileRecord& file : put_tokenizer(folder, tokenizer)) manifest.files.push_back(std::move(file));
  });
}

}  // namespace albert::corpus
