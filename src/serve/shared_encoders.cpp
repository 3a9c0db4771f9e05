#include "serve/shared_encoders.h"

#include <mutex>
#include <utility>

namespace albert::serve {

namespace {

/// Encoders that nobody uses at the moment.
class EncoderStock {
 public:
  explicit EncoderStock(std::shared_ptr<const text::Tokenizer> tokenizer) : tokenizer_(std::move(tokenizer)) {}

  void encode(std::string_view text, std::vector<std::int32_t>& ids) {
    std::unique_ptr<text::Encoder> encoder = take();
    encoder->encode(text, ids);  // one that throws is not used again
    const std::scoped_lock lock(mutex_);
    encoders_.push_back(std::move(encoder));
  }

 private:
  std::unique_ptr<text::Encoder> take() {
    {
      const std::scoped_lock lock(mutex_);
      if (!encoders_.empty()) {
        std::unique_ptr<text::Encoder> encoder = std::move(encoders_.back());
        encoders_.pop_back();
        return encoder;
      }
    }
    return tokenizer_->make_encoder();
  }

  std::shared_ptr<const text::Tokenizer> tokenizer_;  // outlives the encoders
  std::mutex mutex_;
  std::vector<std::unique_ptr<text::Encoder>> encoders_;
};

class SharingEncoder final : public text::Encoder {
 public:
  explicit SharingEncoder(std::shared_ptr<EncoderStock> stock) : stock_(std::move(stock)) {}
  void encode(std::string_view text, std::vector<std::int32_t>& ids) override { stock_->encode(text, ids); }

 private:
  std::shared_ptr<EncoderStock> stock_;
};

class SharingTokenizer final : public text::Tokenizer {
 public:
  explicit SharingTokenizer(std::shared_ptr<const text::Tokenizer> tokenizer)
      : tokenizer_(std::move(tokenizer)), stock_(std::make_shared<EncoderStock>(tokenizer_)) {}

  std::unique_ptr<text::Encoder> make_encoder(std::size_t /*memory_bytes*/) const override {
    return std::make_unique<SharingEncoder>(stock_);
  }
  std::vector<text::Piece> encode_with_offsets(std::string_view text, text::SpecialTokens special) const override {
    return tokenizer_->encode_with_offsets(text, special);
  }
  std::string decode(std::span<const std::int32_t> ids, bool keep_special) const override {
    return tokenizer_->decode(ids, keep_special);
  }
  text::VocabularyKind kind() const override { return tokenizer_->kind(); }
  std::int32_t vocabulary_size() const override { return tokenizer_->vocabulary_size(); }
  std::string_view piece(std::int32_t id) const override { return tokenizer_->piece(id); }
  bool starts_word(std::int32_t id) const override { return tokenizer_->starts_word(id); }
  const text::SpecialIds& special() const override { return tokenizer_->special(); }
  const text::TokenizerSettings& settings() const override { return tokenizer_->settings(); }
  std::span<const text::AddedToken> added_tokens() const override { return tokenizer_->added_tokens(); }
  std::string fingerprint() const override { return tokenizer_->fingerprint(); }
  void save(const std::filesystem::path& folder, std::int64_t max_length) const override {
    tokenizer_->save(folder, max_length);
  }

 private:
  std::shared_ptr<const text::Tokenizer> tokenizer_;
  std::shared_ptr<EncoderStock> stock_;
};

}  // namespace

std::shared_ptr<const text::Tokenizer> with_shared_encoders(std::shared_ptr<const text::Tokenizer> tokenizer) {
  return std::make_shared<const SharingTokenizer>(std::move(tokenizer));
}

}  // namespace albert::serve
