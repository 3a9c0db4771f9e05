#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "text/encoder.h"
#include "text/word_memo.h"
#include "text/wordpiece.h"

namespace albert::text {

/// The encoder for much text: looks up what stands between white space or is an ideograph as it stands, and normalises
/// and segments only what it has not met.
class WordPieceEncoder final : public Encoder {
 public:
  /// \param basic and \param wordpiece must outlive this
  WordPieceEncoder(const BasicTokenizer& basic, const WordPiece& wordpiece, std::size_t memory_bytes);

  void encode(std::string_view text, std::vector<std::int32_t>& ids) override;

 private:
  void append_stretch(std::string_view stretch, std::vector<std::int32_t>& ids);
  void segment(std::string_view stretch, std::vector<std::int32_t>& ids);

  const BasicTokenizer& basic_;
  const WordPiece& wordpiece_;
  WordMemo memo_;
  BasicTokenizer::Word word_;
  std::vector<Piece> pieces_;
};

}  // namespace albert::text
