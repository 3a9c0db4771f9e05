#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "text/encoder.h"
#include "text/segmenter.h"
#include "text/word_memo.h"

namespace albert::text {

/// The encoder for much text: looks each stretch of bytes between white space up as it stands, and normalises and
/// segments only those that it has not met.
class MemoEncoder final : public Encoder {
 public:
  /// \param segmenter must outlive this, and work by word
  MemoEncoder(const Segmenter& segmenter, std::size_t memory_bytes);

  void encode(std::string_view text, std::vector<std::int32_t>& ids) override;

 private:
  bool append_word(std::string_view word, std::vector<std::int32_t>& ids);

  const Segmenter& segmenter_;
  WordMemo memo_;
  Segmenter::Scratch scratch_;
};

}  // namespace albert::text
