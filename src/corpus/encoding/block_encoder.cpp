#include "corpus/encoding/block_encoder.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/utf8.h"

namespace albert::corpus {

namespace {

/// For the words that each thread remembers: enough for those of a hundred novels, and small enough that the peak
/// memory hardly grows while they come in. With 4 times as much, building was not faster.
constexpr std::size_t kMemoBytes = 8 << 20;

/// The beginning of a sentence that is too long: up to a space if there is one in its second half, else up to a
/// character.
std::string_view head_of(std::string_view sentence) {
  const std::string_view head = sentence.substr(0, BlockEncoder::kMaxSentenceBytes);
  if (const std::size_t space = head.rfind(' '); space != std::string_view::npos && space > head.size() / 2)
    return head.substr(0, space);
  std::size_t size = head.size();
  while (size > 0 && continues_character(sentence[size])) --size;
  return head.substr(0, size);
}

/// Counts a character of the last paragraph. A paragraph lacks few different ones.
void count(char32_t c, EncodedBlock& out) {
  const auto paragraph = static_cast<std::uint32_t>(out.paragraphs.size() - 1);
  const UnknownCharacter added{.paragraph = paragraph, .character = c, .count = 1};
  const auto place =
      std::ranges::lower_bound(out.unknown_characters, std::pair(paragraph, c), {},
                               [](const auto& each) { return std::pair(each.paragraph, each.character); });
  if (place != out.unknown_characters.end() && place->paragraph == paragraph && place->character == c) {
    ++place->count;
  } else {
    out.unknown_characters.insert(place, added);
  }
}

}  // namespace

BlockEncoder::BlockEncoder(const text::Tokenizer& tokenizer, const std::string& language, bool min_hashes)
    : tokenizer_(tokenizer),
      unknown_id_(tokenizer.special().unknown),
      encoder_(tokenizer.make_encoder(kMemoBytes)),
      splitter_(language.empty() ? nullptr : std::make_unique<text::SentenceSplitter>(language)),
      min_hashes_(min_hashes) {}

EncodedBlock BlockEncoder::encode(const TextBlock& block) {
  EncodedBlock out;
  out.first = block.first;
  out.last = block.last;
  out.hash = hash128_of(block.text);
  out.file = block.file;
  out.document_begin = block.document_begin;
  if (min_hashes_) out.min_hash = min_hash_of(block.text);
  for (std::string_view rest = block.text; !rest.empty();) {
    const std::size_t newline = std::min(rest.find('\n'), rest.size());
    encode_paragraph(rest.substr(0, newline), out);
    rest.remove_prefix(std::min(newline + 1, rest.size()));
  }
  return out;
}

void BlockEncoder::encode_paragraph(std::string_view paragraph, EncodedBlock& out) {
  out.paragraphs.push_back({.hash = hash64_of(paragraph)});
  sentences_.clear();
  if (splitter_) {
    splitter_->split(paragraph, sentences_);
  } else {
    sentences_.push_back(paragraph);
  }
  for (std::string_view sentence : sentences_) {
    for (; sentence.size() > kMaxSentenceBytes; ++out.num_cut_sentences) {
      const std::string_view head = head_of(sentence);
      encode_sentence(head, out);
      sentence.remove_prefix(head.size());
    }
    encode_sentence(sentence, out);
  }
}

void BlockEncoder::encode_sentence(std::string_view sentence, EncodedBlock& out) {
  const std::size_t begin = out.ids.size();
  encoder_->encode(sentence, out.ids);
  if (out.ids.size() == begin) return;
  out.ends.push_back(out.ids.size());
  ++out.paragraphs.back().num_sentences;
  const auto num_unknown = std::ranges::count(std::span(out.ids).subspan(begin), unknown_id_);
  if (num_unknown == 0) return;
  out.paragraphs.back().num_unknown += static_cast<std::uint32_t>(num_unknown);
  count_unknown_characters(sentence, out);
}

/// An unknown token may stand for several characters, of which some are known: it is the characters that are asked for.
void BlockEncoder::count_unknown_characters(std::string_view sentence, EncodedBlock& out) {
  while (!sentence.empty()) {
    const std::int32_t c = pop_front(sentence);
    if (c != kNoCodePoint && is_unknown(static_cast<char32_t>(c))) count(static_cast<char32_t>(c), out);
  }
}

/// Whether the vocabulary has no piece for a character that stands alone.
bool BlockEncoder::is_unknown(char32_t c) {
  constexpr std::size_t kNumCharacters = 0x110000;
  if (characters_.empty()) characters_.resize(kNumCharacters);
  Knowledge& known = characters_[c];
  if (known == Knowledge::kNotLookedUp) {
    std::string character;
    append_code_point(static_cast<std::int32_t>(c), character);
    std::vector<std::int32_t> ids;
    tokenizer_.encode(character, ids);
    known = std::ranges::find(ids, unknown_id_) != ids.end() ? Knowledge::kUnknown : Knowledge::kKnown;
  }
  return known == Knowledge::kUnknown;
}

}  // namespace albert::corpus
