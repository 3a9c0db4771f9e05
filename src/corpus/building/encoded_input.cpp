#include "corpus/building/encoded_input.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "corpus/store/statistics.h"
#include "text/tokenizer.h"

namespace albert::corpus {

namespace {

constexpr std::size_t kBlocksPerThread = 8;

/// The options of the reader with blocks that suit what is held out.
ReaderOptions reader_of(const BuildOptions& options) {
  ReaderOptions reader = options.reader;
  reader.block_bytes =
      options.assembly.held_out_by == HeldOutBy::kSections ? kSectionBytes : ReaderOptions{}.block_bytes;
  return reader;
}

std::vector<BlockEncoder> make_encoders(const BuildOptions& options, const text::Tokenizer& tokenizer) {
  std::size_t num_threads = options.num_threads;
  if (num_threads == 0) num_threads = std::max(1U, std::thread::hardware_concurrency());
  const std::string language = options.reader.format == InputFormat::kLines ? "" : options.language;
  std::vector<BlockEncoder> encoders;
  for (std::size_t i = 0; i < num_threads; ++i)
    encoders.emplace_back(tokenizer, language, options.assembly.deduplicate == Deduplicate::kNear);
  return encoders;
}

}  // namespace

EncodedInput::EncodedInput(const std::string& title, const std::vector<InputFile>& files, const BuildOptions& options,
                           const text::Tokenizer& tokenizer)
    : stream_(files, reader_of(options)),
      encoders_(make_encoders(options, tokenizer)),
      pipeline_(
          encoders_.size(), kBlocksPerThread * encoders_.size(), [this] { return stream_.next(); },
          [this](const TextBlock& block, std::size_t thread) { return encoders_[thread].encode(block); }),
      progress_(std::in_place, title, stream_.total_bytes()) {}

std::optional<EncodedBlock> EncodedInput::next(std::uint64_t num_documents) {
  std::optional<EncodedBlock> block = pipeline_.next();
  if (!block) {
    progress_.reset();
    return std::nullopt;
  }
  num_cut_sentences_ += block->num_cut_sentences;
  progress_->update(stream_.bytes_read(), rate(num_documents));
  return block;
}

std::map<std::string, std::uint64_t> EncodedInput::statistics() const {
  const ReadStatistics& read = stream_.statistics();
  return {{statistic::kFiles, read.files},
          {statistic::kEmptyFiles, read.empty_files},
          {statistic::kUnreadableFiles, read.unreadable_files},
          {statistic::kTextBytes, read.text_bytes},
          {statistic::kInvalidBytes, read.invalid_bytes},
          {statistic::kNulBytes, read.nul_bytes},
          {statistic::kSkippedLines, read.skipped_lines},
          {statistic::kCutSentences, read.cut_paragraphs + num_cut_sentences_}};
}

std::string EncodedInput::rate(std::uint64_t num_documents) const {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  return fmt::format("{} of {}, {:.1f} MB/s, {} documents", format_bytes(stream_.bytes_read()),
                     format_bytes(stream_.total_bytes()),
                     static_cast<double>(stream_.bytes_read()) * 1e-6 / elapsed.count(), num_documents);
}

}  // namespace albert::corpus
