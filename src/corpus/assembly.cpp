#include "corpus/assembly.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <utility>

#include "base/counted.h"
#include "base/error.h"
#include "base/progress.h"
#include "base/signals.h"
#include "base/utf8.h"
#include "corpus/duplicates.h"
#include "corpus/removal_lists.h"
#include "corpus/repeated_lines.h"
#include "corpus/spool.h"
#include "corpus/summary.h"
#include "text/tokenizer.h"

namespace albert::corpus {

namespace fs = std::filesystem;

namespace {

constexpr const char* kHeldOut = "held_out";
constexpr const char* kHeldOutBy = "held_out_by";
constexpr const char* kSections = "sections";
constexpr const char* kDeduplicate = "deduplicate";
constexpr const char* kDropRepeatedLines = "drop_repeated_lines";

template <typename Number>
Number number_of(const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) throw DataError("expected a number, found '{}'", text);
  return number;
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

/// The files of the tokenizer's folder in a corpus.
std::vector<FileRecord> add_tokenizer(const text::Tokenizer& tokenizer, const fs::path& source,
                                      const fs::path& folder) {
  const fs::path target = folder / kTokenizerFolder;
  fs::create_directory(target);
  if (source.empty()) {
    tokenizer.save(target);
  } else {
    fs::copy(source, target);
  }
  std::vector<FileRecord> files;
  for (const auto& entry : fs::directory_iterator(target))
    files.push_back(record_file(folder, fs::relative(entry.path(), folder).generic_string()));
  return files;
}

}  // namespace

void AssemblySettings::write_to(std::map<std::string, std::string>& settings) const {
  settings[kHeldOut] = fmt::format("{}", held_out);
  if (held_out_by == HeldOutBy::kSections) settings[kHeldOutBy] = kSections;
  if (deduplicate != Deduplicate::kNone) settings[kDeduplicate] = to_string(deduplicate);
  if (max_documents_of_line > 0) settings[kDropRepeatedLines] = fmt::format("{}", max_documents_of_line);
}

AssemblySettings AssemblySettings::from(const std::map<std::string, std::string>& settings) {
  const auto find = [&](const char* name) {
    const auto found = settings.find(name);
    return found == settings.end() ? std::string() : found->second;
  };
  AssemblySettings result;
  result.held_out = number_of<double>(find(kHeldOut));
  if (find(kHeldOutBy) == kSections) result.held_out_by = HeldOutBy::kSections;
  for (const Deduplicate each : {Deduplicate::kExact, Deduplicate::kNear}) {
    if (find(kDeduplicate) == to_string(each)) result.deduplicate = each;
  }
  if (const std::string lines = find(kDropRepeatedLines); !lines.empty())
    result.max_documents_of_line = number_of<std::uint64_t>(lines);
  return result;
}

class Assembly::Content {
 public:
  Content(fs::path folder, const text::Tokenizer& tokenizer, const AssemblySettings& settings)
      : folder_(std::move(folder)),
        tokenizer_(tokenizer),
        settings_(settings),
        writer_(folder_, tokenizer.vocabulary_size(), settings.held_out, settings.held_out_by) {}

  void add(const EncodedBlock& block) {
    writer_.add(block);
    for (const EncodedParagraph& each : block.paragraphs) num_unknown_ += each.num_unknown;
    for (const UnknownCharacter& each : block.unknown_characters) unknown_characters_[each.character] += each.count;
  }

  void add(const std::vector<fs::path>& spools, const std::function<void(std::uint64_t)>& progress) {
    const fs::path scratch = folder_ / "scratch";
    fs::create_directory(scratch);
    std::optional<fs::path> duplicates;
    if (settings_.deduplicate != Deduplicate::kNone) {
      const Heartbeat heartbeat("looking for duplicates");
      duplicates = scratch / "duplicates";
      num_duplicates_ = find_duplicates(spools, settings_.deduplicate, scratch, *duplicates);
      listed_duplicates_ = write_duplicates_list(folder_, *duplicates, SpooledDocuments(spools));
    }
    if (settings_.max_documents_of_line > 0) {
      const Heartbeat heartbeat("looking for repeated lines");
      repeated_lines_.emplace(spools, settings_.max_documents_of_line, duplicates, scratch);
    }
    add_but(duplicates, spools, progress);
    if (repeated_lines_) write_repeated_lines_list(folder_, *repeated_lines_, tokenizer_);
    fs::remove_all(scratch);
  }

  std::uint64_t num_documents() const { return writer_.num_documents(); }

  Manifest finish(Manifest manifest, const fs::path& tokenizer_folder) {
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
    manifest.files = add_tokenizer(tokenizer_, tokenizer_folder, folder_);
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

 private:
  void add_but(const std::optional<fs::path>& duplicates, const std::vector<fs::path>& spools,
               const std::function<void(std::uint64_t)>& progress) {
    std::optional<DuplicateFinder> left_out;
    if (duplicates) left_out.emplace(*duplicates);
    std::uint64_t document = 0;
    std::uint64_t bytes_before = 0;
    for (const fs::path& spool : spools) {
      SpoolReader blocks(spool, tokenizer_.vocabulary_size());
      while (std::optional<EncodedBlock> block = blocks.next()) {
        if (StopRequest::signal() != 0) return;  // whoever called looks at it, too
        if (left_out && left_out->contains(document)) {
          num_duplicate_tokens_ += block->ids.size();
        } else {
          if (repeated_lines_) repeated_lines_->remove_from(*block);
          add(*block);
        }
        if (block->last) ++document;
        progress(bytes_before + blocks.bytes_read());
      }
      bytes_before += blocks.bytes_read();
    }
  }

  void add_statistics(std::map<std::string, std::uint64_t>& statistics) const {
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

  fs::path folder_;
  const text::Tokenizer& tokenizer_;
  AssemblySettings settings_;
  SplitWriter writer_;
  std::uint64_t num_unknown_ = 0;
  std::map<char32_t, std::uint64_t> unknown_characters_;
  DuplicateCounts num_duplicates_;
  std::uint64_t num_duplicate_tokens_ = 0;
  std::vector<DuplicateRecord> listed_duplicates_;
  std::optional<RepeatedLines> repeated_lines_;
};

Assembly::Assembly(fs::path folder, const text::Tokenizer& tokenizer, const AssemblySettings& settings)
    : content_(std::make_unique<Content>(std::move(folder), tokenizer, settings)) {}
Assembly::~Assembly() = default;

void Assembly::add(const EncodedBlock& block) {
  content_->add(block);
}
void Assembly::add(const std::vector<fs::path>& spools, const std::function<void(std::uint64_t)>& progress) {
  content_->add(spools, progress);
}
std::uint64_t Assembly::num_documents() const {
  return content_->num_documents();
}
Manifest Assembly::finish(Manifest manifest, const fs::path& tokenizer_folder) {
  return content_->finish(std::move(manifest), tokenizer_folder);
}

}  // namespace albert::corpus
