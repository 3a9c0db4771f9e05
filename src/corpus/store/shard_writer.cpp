#include "corpus/store/shard_writer.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "base/checksum.h"
#include "base/error.h"
#include "base/file.h"
#include "corpus/store/record_file.h"
#include "corpus/store/shard.h"

namespace albert::corpus {

namespace {

/// Offsets that wait in a file beside the shard until the tokens before them are complete.
class OffsetSpool {
 public:
  explicit OffsetSpool(fs::path path) : path_(std::move(path)), file_(path_) {}
  ~OffsetSpool() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  OffsetSpool(const OffsetSpool&) = delete;
  OffsetSpool& operator=(const OffsetSpool&) = delete;

  void add(std::uint64_t offset) { file_.write(bytes_of(offset)); }

  template <typename Consume>
  void drain(Consume consume) {
    file_.flush();
    for_each_piece(path_, consume);
  }

 private:
  fs::path path_;
  FileWriter file_;
};

}  // namespace

/// One shard being written.
class ShardWriter::File {
 public:
  File(const fs::path& folder, std::string name, Split split, std::int32_t vocabulary_size)
      : record_{.file = {.name = std::move(name), .size_bytes = 0, .checksum = {}}, .split = split, .counts = {}},
        token_bytes_(token_bytes_of(vocabulary_size)),
        output_(folder / record_.file.name),
        sentence_ends_(folder / (record_.file.name + ".sentences")),
        document_ends_(folder / (record_.file.name + ".documents")) {
    ShardHeader header{};
    std::memcpy(header.magic, ShardHeader::kMagic.data(), sizeof header.magic);
    header.version = ShardHeader::kVersion;
    header.token_bytes = token_bytes_;
    header.vocabulary_size = static_cast<std::uint32_t>(vocabulary_size);
    write(bytes_of(header));
  }

  void add_sentence(std::span<const std::int32_t> ids) {
    if (token_bytes_ == 4) {
      write({reinterpret_cast<const char*>(ids.data()), ids.size_bytes()});
    } else {
      narrow_.assign(ids.begin(), ids.end());
      write({reinterpret_cast<const char*>(narrow_.data()), narrow_.size() * sizeof narrow_[0]});
    }
    record_.counts.tokens += ids.size();
    ++record_.counts.sentences;
    sentence_ends_.add(record_.counts.tokens);
    ended_ = false;
  }

  /// Whether there was a document to end.
  bool end_document() {
    if (ended_) return false;
    ended_ = true;
    ++record_.counts.documents;
    document_ends_.add(record_.counts.sentences);
    return true;
  }

  bool ended() const { return ended_; }
  const Counts& counts() const { return record_.counts; }

  ShardRecord finish() {
    write(std::string((8 - output_.size_bytes() % 8) % 8, '\0'));
    sentence_ends_.drain([this](std::string_view bytes) { write(bytes); });
    document_ends_.drain([this](std::string_view bytes) { write(bytes); });
    ShardFooter footer{};
    std::memcpy(footer.magic, ShardFooter::kMagic.data(), sizeof footer.magic);
    footer.num_tokens = record_.counts.tokens;
    footer.num_sentences = record_.counts.sentences;
    footer.num_documents = record_.counts.documents;
    write(bytes_of(footer).substr(0, sizeof footer - sizeof footer.checksum));
    write(checksum_.hex());
    output_.close();
    record_.file.size_bytes = output_.size_bytes();
    record_.file.checksum = checksum_.hex();
    return record_;
  }

 private:
  void write(std::string_view bytes) {
    output_.write(bytes);
    checksum_.update(bytes);
  }

  ShardRecord record_;
  std::uint32_t token_bytes_;
  FileWriter output_;
  Checksum checksum_;
  OffsetSpool sentence_ends_;
  OffsetSpool document_ends_;
  std::vector<std::uint16_t> narrow_;
  bool ended_ = true;
};

ShardWriter::ShardWriter(fs::path folder, Split split, std::int32_t vocabulary_size, std::uint64_t max_shard_tokens)
    : folder_(std::move(folder)),
      split_(split),
      vocabulary_size_(vocabulary_size),
      max_shard_tokens_(max_shard_tokens) {}

ShardWriter::~ShardWriter() = default;

void ShardWriter::add_sentence(std::span<const std::int32_t> ids) {
  if (ids.empty()) return;
  const auto outside =
      std::find_if(ids.begin(), ids.end(), [this](std::int32_t id) { return id < 0 || id >= vocabulary_size_; });
  if (outside != ids.end())
    throw InternalError("token id {} is outside the vocabulary of {}", *outside, vocabulary_size_);
  if (!file_) {
    file_ = std::make_unique<File>(folder_, fmt::format("{}-{:05}.shard", to_string(split_), finished_.size()), split_,
                                   vocabulary_size_);
  }
  file_->add_sentence(ids);
  ++counts_.sentences;
  counts_.tokens += ids.size();
}

void ShardWriter::end_document() {
  if (!file_ || !file_->end_document()) return;
  ++counts_.documents;
  if (file_->counts().tokens >= max_shard_tokens_) close_shard();
}

void ShardWriter::close_shard() {
  finished_.push_back(file_->finish());
  file_.reset();
}

std::vector<ShardRecord> ShardWriter::finish() {
  if (file_ && !file_->ended()) throw InternalError("finish() inside a document of {}", folder_.string());
  if (file_) close_shard();
  return std::move(finished_);
}

}  // namespace albert::corpus
