#include "text/extended_tokenizer.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "base/checksum.h"
#include "base/error.h"
#include "text/piece_spelling.h"
#include "text/special_tokens.h"
#include "text/wordpiece_vocabulary.h"

namespace albert::text {

namespace {

using Spellings = std::vector<std::pair<std::string, AddedToken>>;

Spellings verbatim_spellings(const std::vector<AddedToken>& added) {
  Spellings spellings;
  for (const AddedToken& token : added) {
    if (!token.normalized) spellings.emplace_back(token.content, token);
  }
  return spellings;
}

bool is_special_of(const Tokenizer& vocabulary, std::int32_t id) {
  const std::array<std::int32_t, 5> ids = in_order(vocabulary.special());
  return std::ranges::find(ids, id) != ids.end();
}

Spellings parsed_spellings(const std::vector<AddedToken>& added, const std::vector<AddedToken>& special,
                           const Tokenizer& vocabulary) {
  Spellings spellings = verbatim_spellings(added);
  for (const std::int32_t id : in_order(vocabulary.special())) {
    const auto declared = std::ranges::find(special, id, &AddedToken::id);
    const std::string content(vocabulary.piece(id));
    spellings.emplace_back(content, declared != special.end() ? *declared : AddedToken{.content = content, .id = id});
  }
  return spellings;
}

std::string normalized_spelling(const AddedToken& token, const VocabularyTokenizer& vocabulary) {
  NormalizedText normalized;
  vocabulary.normalize(token.content, normalized);
  return normalized.text;
}

Spellings normalized_spellings(const std::vector<AddedToken>& added, const VocabularyTokenizer& vocabulary) {
  Spellings spellings;
  for (const AddedToken& token : added) {
    if (token.normalized) spellings.emplace_back(normalized_spelling(token, vocabulary), token);
  }
  return spellings;
}

std::vector<AddedToken> by_id(std::vector<AddedToken> added) {
  std::ranges::sort(added, {}, &AddedToken::id);
  return added;
}

Piece moved(const Piece& piece, std::size_t offset) {
  return {piece.id, static_cast<std::uint32_t>(piece.begin + offset), static_cast<std::uint32_t>(piece.end + offset)};
}

}  // namespace

/// Takes a text apart at the tokens and lets the encoder of the vocabulary do the rest.
class ExtendedTokenizer::FastEncoder final : public Encoder {
 public:
  FastEncoder(const ExtendedTokenizer& tokenizer, std::size_t memory_bytes)
      : tokenizer_(tokenizer), encoder_(tokenizer.vocabulary_->make_encoder(memory_bytes)) {}

  void encode(std::string_view text, std::vector<std::int32_t>& ids) override {
    const auto on_text = [&](std::size_t begin, std::size_t end) {
      const std::string_view part = text.substr(begin, end - begin);
      if (!tokenizer_.has_normalized(part, scratch_, matches_)) return encoder_->encode(part, ids);
      pieces_.clear();
      tokenizer_.append_part(part, 0, pieces_);
      for (const Piece& piece : pieces_) ids.push_back(piece.id);
    };
    const auto on_token = [&](const TokenFinder::Match& match) { ids.push_back(match.id); };
    TokenFinder::split(text.size(), tokenizer_.verbatim_.find(text), on_text, on_token);
  }

 private:
  const ExtendedTokenizer& tokenizer_;
  std::unique_ptr<Encoder> encoder_;
  NormalizedText scratch_;
  std::vector<TokenFinder::Match> matches_;
  std::vector<Piece> pieces_;
};

ExtendedTokenizer::ExtendedTokenizer(std::shared_ptr<const VocabularyTokenizer> vocabulary,
                                     std::vector<AddedToken> added, const std::vector<AddedToken>& special)
    : vocabulary_(std::move(vocabulary)),
      added_(by_id(std::move(added))),
      size_(std::max(vocabulary_->vocabulary_size(), added_.empty() ? 0 : added_.back().id + 1)),
      verbatim_(verbatim_spellings(added_)),
      parsing_(parsed_spellings(added_, special, *vocabulary_)),
      normalized_(normalized_spellings(added_, *vocabulary_)) {
  for (const AddedToken& token : added_) {
    if (token.normalized) decoded_.emplace(token.id, normalized_spelling(token, *vocabulary_));
  }
}

std::unique_ptr<Encoder> ExtendedTokenizer::make_encoder(std::size_t memory_bytes) const {
  return std::make_unique<FastEncoder>(*this, memory_bytes);
}

std::vector<Piece> ExtendedTokenizer::encode_with_offsets(std::string_view text, SpecialTokens special) const {
  check_text_size(text);
  std::vector<Piece> pieces;
  const auto on_text = [&](std::size_t begin, std::size_t end) {
    append_part(text.substr(begin, end - begin), static_cast<std::uint32_t>(begin), pieces);
  };
  const auto on_token = [&](const TokenFinder::Match& match) {
    pieces.push_back({match.id, static_cast<std::uint32_t>(match.begin), static_cast<std::uint32_t>(match.end)});
  };
  const TokenFinder& finder = special == SpecialTokens::kParse ? parsing_ : verbatim_;
  TokenFinder::split(text.size(), finder.find(text), on_text, on_token);
  return pieces;
}

/// Whether a text without verbatim tokens holds any other.
/// \param normalized filled only if there are tokens that may be found in it
bool ExtendedTokenizer::has_normalized(std::string_view part, NormalizedText& normalized,
                                       std::vector<TokenFinder::Match>& matches) const {
  if (normalized_.empty()) return false;
  vocabulary_->normalize(part, normalized);
  matches = normalized_.find(normalized.text);
  return !matches.empty();
}

/// Appends the pieces of a text without verbatim tokens.
void ExtendedTokenizer::append_part(std::string_view part, std::uint32_t offset, std::vector<Piece>& pieces) const {
  const std::size_t first = pieces.size();
  NormalizedText normalized;
  std::vector<TokenFinder::Match> matches;
  if (has_normalized(part, normalized, matches)) {
    const auto on_text = [&](std::size_t begin, std::size_t end) {
      vocabulary_->append_pieces(normalized, begin, end, pieces);
    };
    const auto on_token = [&](const TokenFinder::Match& match) {
      pieces.push_back({match.id, normalized.spans[match.begin].begin, normalized.spans[match.end - 1].end});
    };
    TokenFinder::split(normalized.text.size(), matches, on_text, on_token);
  } else {
    const std::vector<Piece> found = vocabulary_->encode_with_offsets(part, SpecialTokens::kAsText);
    pieces.insert(pieces.end(), found.begin(), found.end());
  }
  for (std::size_t i = first; i < pieces.size(); ++i) pieces[i] = moved(pieces[i], offset);
}

std::string ExtendedTokenizer::decode(std::span<const std::int32_t> ids, bool keep_special) const {
  std::string text;
  bool first = true;
  for (const std::int32_t id : ids) {
    const AddedToken* added = find_added(id);
    const auto changed = decoded_.find(id);
    const std::string_view decoded = changed != decoded_.end() ? std::string_view(changed->second) : piece(id);
    const bool is_special =
        added != nullptr ? added->special && decoded == added->content : vocabulary_->is_special(id);
    if (is_special && !keep_special) continue;
    vocabulary_->append_decoded(decoded, first, text);
    first = false;
  }
  return text;
}

std::string_view ExtendedTokenizer::piece(std::int32_t id) const {
  if (id < vocabulary_->vocabulary_size()) return vocabulary_->piece(id);
  const AddedToken* added = find_added(id);
  if (added == nullptr) throw DataError("id {} is not in the vocabulary of {} pieces", id, size_);
  return added->content;
}

bool ExtendedTokenizer::starts_word(std::int32_t id) const {
  if (id < vocabulary_->vocabulary_size()) return vocabulary_->starts_word(id);
  const std::string_view added = piece(id);
  return kind() == VocabularyKind::kWordPiece ? !added.starts_with(kContinuation) : piece_starts_word(added);
}

std::string ExtendedTokenizer::fingerprint() const {
  Checksum checksum;
  checksum.update(vocabulary_->fingerprint());
  for (const AddedToken& token : added_) {
    checksum.update(fmt::format("{} {}:{} {} {} {} {}\n", token.id, token.content.size(), token.content,
                                token.single_word, token.lstrip, token.rstrip, token.normalized));
  }
  return checksum.hex();
}

void ExtendedTokenizer::save(const std::filesystem::path& folder, std::int64_t max_length) const {
  vocabulary_->save_with(folder, max_length, added_);
}

const AddedToken* ExtendedTokenizer::find_added(std::int32_t id) const {
  const auto found = std::ranges::lower_bound(added_, id, {}, &AddedToken::id);
  return found != added_.end() && found->id == id ? &*found : nullptr;
}

std::shared_ptr<const Tokenizer> with_added_tokens(std::shared_ptr<const VocabularyTokenizer> vocabulary,
                                                   std::vector<AddedToken> added) {
  const auto is_special = [&](const AddedToken& token) { return is_special_of(*vocabulary, token.id); };
  const auto first_special = std::stable_partition(added.begin(), added.end(), std::not_fn(is_special));
  const std::vector<AddedToken> special(first_special, added.end());
  added.erase(first_special, added.end());
  if (added.empty()) return vocabulary;
  return std::make_shared<ExtendedTokenizer>(std::move(vocabulary), std::move(added), special);
}

const VocabularyTokenizer& vocabulary_of(const Tokenizer& tokenizer) {
  if (const auto* extended = dynamic_cast<const ExtendedTokenizer*>(&tokenizer)) return extended->vocabulary();
  return dynamic_cast<const VocabularyTokenizer&>(tokenizer);
}

std::shared_ptr<const Tokenizer> with_verbatim_symbols(std::shared_ptr<const VocabularyTokenizer> vocabulary) {
  std::vector<AddedToken> symbols = vocabulary->verbatim_symbols();
  return with_added_tokens(std::move(vocabulary), std::move(symbols));
}

}  // namespace albert::text
