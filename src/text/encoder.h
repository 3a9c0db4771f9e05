#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace albert::text {

/// Encodes much text on one thread: it remembers the words it has seen, so that a word is segmented once. Made by
/// Tokenizer::make_encoder; gives the ids that Tokenizer::encode gives, only faster. Not safe to share between threads.
class Encoder {
 public:
  virtual ~Encoder() = default;

  /// Appends the ids of a text, special tokens as text, without [CLS] and [SEP].
  virtual void encode(std::string_view text, std::vector<std::int32_t>& ids) = 0;
};

}  // namespace albert::text
