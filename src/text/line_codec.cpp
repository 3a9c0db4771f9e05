#include "text/line_codec.h"

#include <charconv>
#include <functional>
#include <optional>
#include <ostream>
#include <unordered_map>

#include "base/error.h"
#include "base/shown.h"
#include "base/stream_lines.h"
#include "base/utf8.h"
#include "text/foreign_format.h"
#include "text/special_tokens.h"

namespace albert::text {
namespace {

using Ids = std::vector<std::int32_t>;

void for_each_line(int input, std::ostream& output,
                   const std::function<void(std::string_view, std::string&)>& convert) {
  StreamLines lines(input);
  std::string result;
  while (const std::optional<std::string> line = lines.next()) {
    result.clear();
    try {
      if (const auto problem = why_no_text(*line)) throw DataError("{}", *problem);
      convert(*line, result);
    } catch (const DataError& error) {
      throw DataError("{}:{}: {}", StreamLines::kName, lines.number(), error.what());
    }
    result += '\n';
    output.write(result.data(), static_cast<std::streamsize>(result.size()));
    if (!lines.ready()) output.flush();
    if (!output) throw IoError::from_errno("cannot write the output");
  }
  if (!output.flush()) throw IoError::from_errno("cannot write the output");
}

/// The number of characters before each byte of a text; and of all of them, at the end.
std::vector<std::uint32_t> characters_before(std::string_view text) {
  std::vector<std::uint32_t> counts;
  counts.reserve(text.size() + 1);
  std::uint32_t count = 0;
  for (std::string_view rest = text; !rest.empty(); ++count) {
    const std::size_t size = rest.size();
    pop_front(rest);
    counts.insert(counts.end(), size - rest.size(), count);
  }
  counts.push_back(count);
  return counts;
}

/// Encodes lines, special tokens parsed; those that hold none as fast as can be.
class LineEncoder {
 public:
  LineEncoder(const Tokenizer& tokenizer, const LineFormat& format)
      : tokenizer_(tokenizer),
        format_(format),
        encoder_(tokenizer.make_encoder()),
        special_(special_spellings(tokenizer)) {}

  void encode(std::string_view line, std::string& result) {
    const std::size_t tab = format_.pair ? line.find('\t') : std::string_view::npos;
    if (format_.pair && tab == std::string_view::npos) {
      throw DataError("expected two texts apart by a tab, found no tab");
    }
    add_special(tokenizer_.special().cls, result);
    add_text(line.substr(0, tab), result);
    add_special(tokenizer_.special().sep, result);
    if (!format_.pair) return;
    add_text(line.substr(tab + 1), result);
    add_special(tokenizer_.special().sep, result);
  }

 private:
  void add_special(std::int32_t id, std::string& result) const {
    if (format_.special) add({id, 0, 0}, result);
  }

  void add_text(std::string_view text, std::string& result) {
    if (!format_.offsets && !find_special_token(text, 0, special_)) {
      ids_.clear();
      encoder_->encode(text, ids_);
      for (const std::int32_t id : ids_) add({id, 0, 0}, result);
      return;
    }
    const std::vector<std::uint32_t> characters =
        format_.offsets ? characters_before(text) : std::vector<std::uint32_t>();
    for (Piece piece : tokenizer_.encode_with_offsets(text, SpecialTokens::kParse)) {
      if (format_.offsets) piece = {piece.id, characters[piece.begin], characters[piece.end]};
      add(piece, result);
    }
  }

  void add(const Piece& piece, std::string& result) const {
    if (!result.empty()) result += ' ';
    if (format_.pieces) {
      result += tokenizer_.piece(piece.id);
    } else {
      result += fmt::format_int(piece.id).c_str();
    }
    if (format_.offsets) result += fmt::format(":{}:{}", piece.begin, piece.end);
  }

  const Tokenizer& tokenizer_;
  const LineFormat& format_;
  std::unique_ptr<Encoder> encoder_;
  SpecialSpellings special_;
  Ids ids_;
};

/// Reads the words of a line as ids.
class IdParser {
 public:
  IdParser(const Tokenizer& tokenizer, bool pieces) : pieces_(pieces) {
    if (!pieces) return;
    for (std::int32_t id = 0; id < tokenizer.vocabulary_size(); ++id) by_piece_.emplace(tokenizer.piece(id), id);
  }

  void parse(std::string_view line, Ids& ids) const {
    while (true) {
      line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
      if (line.empty()) return;
      const std::string_view word = line.substr(0, line.find_first_of(" \t\r"));
      ids.push_back(pieces_ ? find_piece(word) : parse_id(word));
      line.remove_prefix(word.size());
    }
  }

 private:
  static std::int32_t parse_id(std::string_view word) {
    std::int32_t id = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), id);
    if (error != std::errc() || end != word.data() + word.size()) {
      throw DataError("expected an id, found {}", in_quotes(word));
    }
    return id;
  }

  std::int32_t find_piece(std::string_view word) const {
    const auto found = by_piece_.find(word);
    if (found == by_piece_.end()) {
      throw DataError("the vocabulary has no piece {}", in_quotes(word));
    }
    return found->second;
  }

  bool pieces_;
  std::unordered_map<std::string_view, std::int32_t> by_piece_;
};

}  // namespace

void encode_lines(const Tokenizer& tokenizer, int input, std::ostream& output, const LineFormat& format) {
  LineEncoder encoder(tokenizer, format);
  for_each_line(input, output, [&](std::string_view line, std::string& result) { encoder.encode(line, result); });
}

void decode_lines(const Tokenizer& tokenizer, int input, std::ostream& output, const LineFormat& format) {
  const IdParser parser(tokenizer, format.pieces);
  Ids ids;
  for_each_line(input, output, [&](std::string_view line, std::string& result) {
    ids.clear();
    parser.parse(line, ids);
    result = tokenizer.decode(ids, format.special);
  });
}

}  // namespace albert::text
