#pragma once

#include <charconv>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/atomic_file.h"
#include "base/checksum.h"
#include "base/error.h"
#include "text/tokenizer.h"

namespace albert::testing {

/// A vocabulary of numbers: the text "17 9" encodes to the ids 17 and 9. Ids 0 to 4 are special; of the others those
/// that 3 divides go on with a word, the rest begin one.
class FakeTokenizer : public text::Tokenizer {
 public:
  explicit FakeTokenizer(std::int32_t vocabulary_size = 100) {
    for (std::int32_t id = kFirstOrdinary; id < vocabulary_size; ++id) {
      pieces_.emplace_back(starts_word(id) ? "▁" : "");
      pieces_.back() += std::to_string(id);
    }
  }

  std::unique_ptr<text::Encoder> make_encoder(std::size_t /*memory_bytes*/) const override {
    struct Forward : text::Encoder {
      explicit Forward(const FakeTokenizer& owner) : tokenizer(owner) {}
      void encode(std::string_view text, std::vector<std::int32_t>& ids) override { tokenizer.encode(text, ids); }
      const FakeTokenizer& tokenizer;
    };
    return std::make_unique<Forward>(*this);
  }

  std::vector<text::Piece> encode_with_offsets(std::string_view text, text::SpecialTokens /*special*/) const override {
    std::vector<text::Piece> pieces;
    const char* const end = text.data() + text.size();
    for (const char* at = text.data(); at < end;) {
      std::int32_t id = 1;
      const char* const next = std::from_chars(at, end, id).ptr;
      if (next == at) {
        ++at;
        continue;
      }
      pieces.push_back({id < vocabulary_size() ? id : special_.unknown, static_cast<std::uint32_t>(at - text.data()),
                        static_cast<std::uint32_t>(next - text.data())});
      at = next;
    }
    return pieces;
  }

  std::string decode(std::span<const std::int32_t> ids, bool keep_special) const override {
    std::string text;
    for (const std::int32_t id : ids) {
      if (id < kFirstOrdinary && !keep_special) continue;
      if (!text.empty()) text += ' ';
      text += std::to_string(id);
    }
    return text;
  }

  std::int32_t vocabulary_size() const override { return static_cast<std::int32_t>(pieces_.size()); }
  std::string_view piece(std::int32_t id) const override {
    if (id < 0 || id >= vocabulary_size()) throw DataError("the id {} is outside the vocabulary", id);
    return pieces_[static_cast<std::size_t>(id)];
  }
  bool starts_word(std::int32_t id) const override { return id < kFirstOrdinary || id % 3 != 0; }
  const text::SpecialIds& special() const override { return special_; }
  const text::TokenizerSettings& settings() const override { return settings_; }
  std::string fingerprint() const override { return checksum_of("fake " + std::to_string(pieces_.size())); }
  void save(const std::filesystem::path& folder, std::int64_t /*max_length*/) const override {
    write_file_atomically(folder / "spiece.model", "fake");
  }

 private:
  static constexpr std::int32_t kFirstOrdinary = 5;

  std::vector<std::string> pieces_ = {"<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"};
  text::SpecialIds special_{.pad = 0, .unknown = 1, .cls = 2, .sep = 3, .mask = 4};
  text::TokenizerSettings settings_;
};

}  // namespace albert::testing
