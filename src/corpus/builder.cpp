#include "corpus/builder.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <thread>
#include <utility>
#include <vector>

#include "base/atomic_folder.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "base/output.h"
#include "base/pipeline.h"
#include "base/progress.h"
#include "base/signals.h"
#include "base/utf8.h"
#include "corpus/block_encoder.h"
#include "corpus/corpus.h"
#include "corpus/inputs.h"
#include "corpus/split_writer.h"
#include "corpus/summary.h"
#include "text/tokenizer.h"

namespace albert::corpus {

namespace {

constexpr std::size_t kBlocksPerThread = 8;

void check(const BuildOptions& options) {
  if (options.held_out < 0 || options.held_out >= 1) {
    throw UsageError("the held-out share is {}; expected a number from 0 to below 1", options.held_out);
  }
  if (options.held_out == 0 && options.held_out_by == HeldOutBy::kSections)
    throw UsageError("--held-out-by sections has no effect where nothing is held out; leave it out");
  if (options.output.empty()) throw UsageError("the output folder has no name");
}

/// Why a folder is not replaced by a corpus; empty if it holds one and nothing else.
std::string why_no_corpus(const fs::path& folder) {
  if (!fs::exists(folder / kManifestName)) return fmt::format("it has no {}", kManifestName);
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path name = entry.path().filename();
    const bool is_of_corpus = name == kManifestName || name == kTokenizerFolder || name.extension() == ".shard";
    if (!is_of_corpus) return fmt::format("it holds {}", name.string());
  }
  return "";
}

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

std::string_view name_of(InputFormat format) {
  switch (format) {
    case InputFormat::kAuto:
    case InputFormat::kText:
      return "text";
    case InputFormat::kLines:
      return "lines";
    case InputFormat::kJsonl:
      return "jsonl";
  }
  throw InternalError("unknown input format {}", static_cast<int>(format));
}

/// What decides the content of the corpus besides input and tokenizer.
std::map<std::string, std::string> settings_of(const BuildOptions& options) {
  const ReaderOptions& reader = options.reader;
  std::map<std::string, std::string> settings{{"format", std::string(name_of(reader.format))},
                                              {"held_out", fmt::format("{}", options.held_out)}};
  if (reader.format != InputFormat::kLines) {
    const bool blank_line = reader.paragraph_break == ParagraphBreak::kBlankLine ||
                            (reader.paragraph_break == ParagraphBreak::kAuto && reader.is_running_text());
    settings["language"] = options.language;
    settings["paragraph_break"] = blank_line ? "blank-line" : "newline";
  }
  if (options.held_out_by == HeldOutBy::kSections) settings["held_out_by"] = "sections";
  if (reader.is_running_text()) settings["document_separator"] = reader.document_separator;
  if (reader.format == InputFormat::kJsonl) settings["json_field"] = reader.json_field;
  return settings;
}

/// The options of the reader with blocks that suit what is held out.
ReaderOptions reader_of(const BuildOptions& options) {
  ReaderOptions reader = options.reader;
  reader.block_bytes = options.held_out_by == HeldOutBy::kSections ? kSectionBytes : ReaderOptions{}.block_bytes;
  return reader;
}

/// The characters that occur most often, and of equally frequent ones those with the lowest numbers.
std::map<std::string, std::uint64_t> most_frequent(const std::map<char32_t, std::uint64_t>& characters) {
  constexpr std::size_t kMaxCharacters = 100;
  std::vector<std::pair<char32_t, std::uint64_t>> sorted(characters.begin(), characters.end());
  std::ranges::stable_sort(sorted, std::ranges::greater(), [](const auto& each) { return each.second; });
  sorted.resize(std::min(sorted.size(), kMaxCharacters));
  std::map<std::string, std::uint64_t> named;
  for (const auto& [c, count] : sorted) {
    std::string character;
    append_code_point(static_cast<std::int32_t>(c), character);
    named.emplace(character, count);
  }
  return named;
}

void stop_if_asked() {
  if (const int signal = StopRequest::signal()) {
    throw Error(ExitCode{128 + signal}, "stopped by a signal; no corpus was written");
  }
}

/// What is done to one input: its documents encoded on several threads and written in their order.
class Build {
 public:
  Build(const BuildOptions& options, const text::Tokenizer& tokenizer, const fs::path& folder)
      : stream_(find_inputs(options), reader_of(options)),
        writer_(folder, tokenizer.vocabulary_size(), options.held_out, options.held_out_by) {
    std::size_t num_threads = options.num_threads;
    if (num_threads == 0) num_threads = std::max(1U, std::thread::hardware_concurrency());
    const std::string language = options.reader.format == InputFormat::kLines ? "" : options.language;
    for (std::size_t i = 0; i < num_threads; ++i) encoders_.emplace_back(tokenizer, language);
  }

  std::vector<ShardRecord> run() {
    Pipeline<TextBlock, EncodedBlock> pipeline(
        encoders_.size(), kBlocksPerThread * encoders_.size(), [this] { return stream_.next(); },
        [this](const TextBlock& block, std::size_t thread) { return encoders_[thread].encode(block); });
    Progress progress("building the corpus", stream_.total_bytes());
    while (const std::optional<EncodedBlock> block = pipeline.next()) {
      stop_if_asked();
      writer_.add(*block);
      num_unknown_ += block->num_unknown;
      for (const auto& [c, count] : block->unknown_characters) unknown_characters_[c] += count;
      num_cut_sentences_ += block->num_cut_sentences;
      progress.update(stream_.bytes_read(), rate());
    }
    return writer_.finish();
  }

  const SplitWriter& writer() const { return writer_; }
  std::map<std::string, std::uint64_t> unknown_characters() const { return most_frequent(unknown_characters_); }

  std::map<std::string, std::uint64_t> statistics() const {
    const ReadStatistics& read = stream_.statistics();
    return {{statistic::kFiles, read.files},
            {statistic::kEmptyFiles, read.empty_files},
            {statistic::kUnreadableFiles, read.unreadable_files},
            {statistic::kTextBytes, read.text_bytes},
            {statistic::kInvalidBytes, read.invalid_bytes},
            {statistic::kNulBytes, read.nul_bytes},
            {statistic::kSkippedLines, read.skipped_lines},
            {statistic::kEmptyDocuments, writer_.num_empty_documents()},
            {statistic::kCutSentences, read.cut_paragraphs + num_cut_sentences_},
            {statistic::kUnknownTokens, num_unknown_}};
  }

 private:
  std::string rate() const {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
    return fmt::format("{} of {}, {:.1f} MB/s, {} documents", format_bytes(stream_.bytes_read()),
                       format_bytes(stream_.total_bytes()),
                       static_cast<double>(stream_.bytes_read()) * 1e-6 / elapsed.count(), writer_.num_documents());
  }

  DocumentStream stream_;
  std::vector<BlockEncoder> encoders_;
  SplitWriter writer_;
  std::uint64_t num_unknown_ = 0;
  std::map<char32_t, std::uint64_t> unknown_characters_;
  std::uint64_t num_cut_sentences_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::vector<FileRecord> save_tokenizer(const text::Tokenizer& tokenizer, const fs::path& folder) {
  fs::create_directory(folder / kTokenizerFolder);
  tokenizer.save(folder / kTokenizerFolder);
  std::vector<FileRecord> files;
  for (const auto& entry : fs::directory_iterator(folder / kTokenizerFolder)) {
    files.push_back(record_file(folder, fs::relative(entry.path(), folder).generic_string()));
  }
  std::sort(files.begin(), files.end(), [](const FileRecord& a, const FileRecord& b) { return a.name < b.name; });
  return files;
}

void warn_of_nothing_held_out(const BuildOptions& options) {
  if (options.held_out_by == HeldOutBy::kSections) {
    log_warning(
        "the corpus is one section of {} KiB, so none is held out for evaluation; give more text, or pass --held-out 0",
        kSectionBytes >> 10);
    return;
  }
  const std::string& separator = options.reader.document_separator;
  const std::string reason =
      separator.empty() ? "" : fmt::format(", as no line within it matches --document-separator '{}'", separator);
  log_warning(
      "the corpus is one document{}, so none is held out for evaluation; split it with --document-separator, hold out "
      "sections of it with --held-out-by sections, or pass --held-out 0",
      reason);
}

/// Warns of a held-out part from which nothing can be told: a few words, or a few documents, which may be unlike the
/// rest.
void warn_of_little_held_out(const Manifest& manifest, HeldOutBy by) {
  constexpr std::uint64_t kFewTokens = 10'000;  // 1,500 predictions: an accuracy of a half to 1.3% (standard error)
  constexpr std::uint64_t kFewDocuments = 3;
  const Counts held_out = manifest.counts(Split::kHeldOut);
  Counts total = manifest.counts(Split::kTrain);
  total += held_out;
  const bool few_documents = by == HeldOutBy::kDocuments && held_out.documents <= kFewDocuments;
  if (held_out.tokens >= kFewTokens && !few_documents) return;
  log_warning(
      "held out: {} of {} with {}, {} of all, which says little of other texts; hold out more "
      "(--held-out){}",
      held_out.documents, counted(total.documents, "document"), counted(held_out.tokens, "token"),
      percent(static_cast<double>(held_out.tokens) / static_cast<double>(total.tokens)),
      by == HeldOutBy::kDocuments ? ", or sections of many documents (--held-out-by sections)" : "");
}

void warn(const Manifest& manifest, const BuildOptions& options) {
  const Counts train = manifest.counts(Split::kTrain);
  if (options.held_out > 0 && manifest.counts(Split::kHeldOut).documents == 0) {
    warn_of_nothing_held_out(options);
  } else if (options.held_out > 0) {
    warn_of_little_held_out(manifest, options.held_out_by);
  }
  if (const double unknown = unknown_share(manifest); unknown > kHighUnknownShare) {
    log_warning(
        "{:.1f}% of the tokens are unknown to the vocabulary: is it one for this language and writing? "
        "`albert corpus info` lists the characters that it lacks",
        100 * unknown);
  }
  if (train.sentences == train.documents) {
    log_warning(
        "every document is one sentence, so that there are no pairs of sentences to learn from; is the format right?");
  }
}

/// The build less the checks of its options.
Manifest build_into(AtomicFolder& folder, const BuildOptions& options, const text::Tokenizer& tokenizer) {
  Build build(options, tokenizer, folder.temporary());
  Manifest manifest;
  manifest.tokenizer_fingerprint = tokenizer.fingerprint();
  manifest.vocabulary_size = tokenizer.vocabulary_size();
  manifest.settings = settings_of(options);
  manifest.shards = build.run();
  manifest.statistics = build.statistics();
  manifest.unknown_characters = build.unknown_characters();
  if (manifest.shards.empty()) {
    throw DataError("the input holds no text: no sentence was found in {}",
                    counted(manifest.statistics[statistic::kFiles], "file"));
  }
  manifest.files = save_tokenizer(tokenizer, folder.temporary());
  if (const std::optional<Unit> unit = build.writer().misplaced()) {
    write_manifest(folder.temporary(), manifest);
    manifest.shards = move_unit(folder.temporary(), *unit);
  }
  write_manifest(folder.temporary(), manifest);
  stop_if_asked();
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
    warn(manifest, options);
    return manifest;
  } catch (const fs::filesystem_error& error) {
    throw IoError("cannot build the corpus {}: {}", options.output.string(), error.what());
  } catch (const Error&) {
    stop_if_asked();  // the signal is why a wait for input ended
    throw;
  }
}

}  // namespace albert::corpus
