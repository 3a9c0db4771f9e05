#include "corpus/building/corpus_writer.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/progress.h"
#include "base/signals.h"
#include "base/utf8.h"
#include "corpus/dedup/removal_lists.h"
#include "corpus/store/statistics.h"
#include "text/tokenizer.h"
#include "text/tokenizer_files.h"

namespace albert::corpus {

namespace fs = std::filesystem;

namespace {

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

/// What the blocks of spools take on the disk.
std::uint64_t size_of(const std::vector<fs::path>& spools) {
  std::uint64_t size_bytes = 0;
  for (const fs::path& spool : spools) size_bytes += fs::file_size(spool / kBlocksFile);
  return size_bytes;
}

}  // namespace

CorpusWriter::CorpusWriter(fs::path folder, const text::Tokenizer& tokenizer, const AssemblySettings& settings)
    : folder_(std::move(folder)),
      tokenizer_(tokenizer),
      settings_(settings),
      writer_(folder_, tokenizer.vocabulary_size(), settings.held_out, settings.held_out_by) {}

void CorpusWriter::add(const EncodedBlock& block) {
  writer_.add(block);
  for (const EncodedParagraph& each : block.paragraphs) num_unknown_ += each.num_unknown;
  for (const UnknownCharacter& each : block.unknown_characters) unknown_characters_[each.character] += each.count;
}

void CorpusWriter::add(const std::vector<fs::path>& spools) {
  const fs::path scratch = folder_ / "scratch";
  make_folder(scratch);
  std::optional<fs::path> duplicates;
  if (settings_.deduplicate != Deduplicate::kNone) {
    const Heartbeat heartbeat("looking for duplicates");
    duplicates = scratch / "duplicates";
    num_duplicates_ = find_duplicates(spools, settings_.deduplicate, scratch, *duplicates);
    listed_duplicates_ = write_duplicates_list(folder_, *duplicates, spools, scratch);
  }
  if (settings_.max_documents_of_line > 0) {
    const Heartbeat heartbeat("looking for repeated lines");
    repeated_lines_.emplace(spools, settings_.max_documents_of_line, duplicates, scratch);
  }
  add_all_but(duplicates, spools);
  if (repeated_lines_) write_repeated_lines_list(folder_, *repeated_lines_, tokenizer_);
  fs::remove_all(scratch);
}

Manifest CorpusWriter::finish(Manifest manifest,
                              const std::function<std::vector<FileRecord>(const fs::path&)>& put_copy) {
  manifest.tokenizer_fingerprint = tokenizer_.fingerprint();
  manifest.vocabulary_size = tokenizer_.vocabulary_size();
  manifest.shards = writer_.finish();
  add_statistics(manifest.statistics);
  manifest.unknown_characters = most_frequent(unknown_characters_);
  manifest.duplicates = listed_duplicates_;
  if (manifest.shards.empty()) {
    throw DataError("the input holds no text: no sentence was found in {}",
                    counted(manifest.statistics[statistic::kFiles], "file"));
  }
  manifest.files = put_copy(folder_);
  for (const std::string_view list : {kDuplicatesList, kRepeatedLinesList}) {
    if (fs::exists(folder_ / list)) manifest.files.push_back(record_file(folder_, std::string(list)));
  }
  std::ranges::sort(manifest.files, {}, &FileRecord::name);
  if (const std::optional<Unit> unit = writer_.misplaced()) {
    write_manifest(folder_, manifest);
    manifest.shards = move_unit(folder_, *unit);
  }
  write_manifest(folder_, manifest);
  return manifest;
}

void CorpusWriter::add_all_but(const std::optional<fs::path>& duplicates, const std::vector<fs::path>& spools) {
  std::optional<DuplicateReader> left_out;
  if (duplicates) left_out.emplace(*duplicates);
  const std::uint64_t size_bytes = size_of(spools);
  Progress progress("writing the corpus", size_bytes);
  std::uint64_t document = 0;
  std::uint64_t bytes_before = 0;
  for (const fs::path& spool : spools) {
    SpoolReader blocks(spool, tokenizer_.vocabulary_size());
    while (std::optional<EncodedBlock> block = blocks.next()) {
      stop_if_asked("corpus");
      if (left_out && left_out->contains(document)) {
        num_duplicate_tokens_ += block->ids.size();
      } else {
        if (repeated_lines_) repeated_lines_->remove_from(*block);
        add(*block);
      }
      if (block->last) ++document;
      const std::uint64_t bytes = bytes_before + blocks.bytes_read();
      progress.update(bytes, fmt::format("{} of {}", format_bytes(bytes), format_bytes(size_bytes)));
    }
    bytes_before += blocks.bytes_read();
  }
}

void CorpusWriter::add_statistics(std::map<std::string, std::uint64_t>& statistics) const {
  statistics[statistic::kEmptyDocuments] = writer_.num_empty_documents();
  statistics[statistic::kUnknownTokens] = num_unknown_;
  if (settings_.deduplicate != Deduplicate::kNone) {
    statistics[statistic::kExactDuplicates] = num_duplicates_.exact;
    statistics[statistic::kDuplicateTokens] = num_duplicate_tokens_;
  }
  if (settings_.deduplicate == Deduplicate::kNear) statistics[statistic::kNearDuplicates] = num_duplicates_.near;
  if (!repeated_lines_) return;
  statistics[statistic::kRepeatedLines] = repeated_lines_->num_different();
  statistics[statistic::kDroppedLines] = repeated_lines_->num_removed();
  statistics[statistic::kDroppedTokens] = repeated_lines_->num_removed_tokens();
}

SpoolContent spool_content_for(const AssemblySettings& settings) {
  return {.documents = settings.needs_spool(),
          .signatures = settings.deduplicate == Deduplicate::kNear,
          .lines = settings.max_documents_of_line > 0};
}

std::string why_no_corpus(const fs::path& folder) {
  std::set<std::string> names{std::string(kManifestName), std::string(kDuplicatesList),
                              std::string(kRepeatedLinesList)};
  try {
    for (const ShardRecord& shard : read_manifest(folder).shards) names.insert(shard.file.name);
  } catch (const DataError& error) {
    return error.what();
  }
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name == kTokenizerFolder && entry.is_directory()) {
      if (std::string reason = text::why_no_tokenizer(entry.path()); !reason.empty())
        return fmt::format("in {}, {}", name, reason);
    } else if (!names.contains(name) || !entry.is_regular_file()) {
      return fmt::format("it holds {}", name);
    }
  }
  return "";
}

}  // namespace albert::corpus
