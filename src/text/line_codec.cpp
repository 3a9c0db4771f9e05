#include "text/line_codec.h"

#include <cerrno>
#include <charconv>
#include <functional>
#include <istream>
#include <ostream>
#include <unordered_map>

#include "base/error.h"
#include "text/special_tokens.h"

namespace albert::text {
namespace {

using Ids = std::vector<std::int32_t>;

void for_each_line(std::istream& input, std::ostream& output,
                   const std::function<void(std::string&, std::string&)>& convert) {
  std::string line;
  std::string result;
  for (std::uint64_t number = 1; std::getline(input, line); ++number) {
    result.clear();
    try {
      convert(line, result);
    } catch (const DataError& error) {
      throw DataError("line {}: {}", number, error.what());
    }
    result += '\n';
    output.write(result.data(), static_cast<std::streamsize>(result.size()));
    if (input.rdbuf()->in_avail() <= 0) output.flush();
    if (!output) throw IoError::from_errno("cannot write the output");
  }
  if (input.bad()) throw IoError::from_errno("cannot read the input");
  if (!output.flush()) throw IoError::from_errno("cannot write the output");
}

/// Encodes texts in which special tokens are parsed, as fast as those that have none.
class ParsingEncoder {
 public:
  explicit ParsingEncoder(const Tokenizer& tokenizer) : tokenizer_(tokenizer), encoder_(tokenizer.make_encoder()) {}

  void append(std::string_view text, Ids& ids) {
    if (!find_special_token(text, 0)) return encoder_->encode(text, ids);
    for (const Piece& piece : tokenizer_.encode_with_offsets(text, SpecialTokens::kParse)) ids.push_back(piece.id);
  }

 private:
  const Tokenizer& tokenizer_;
  std::unique_ptr<Encoder> encoder_;
};

void encode_line(ParsingEncoder& encoder, const SpecialIds& special, std::string_view line, const LineFormat& format,
                 Ids& ids) {
  const std::size_t tab = format.pair ? line.find('\t') : std::string_view::npos;
  if (format.pair && tab == std::string_view::npos) throw DataError("expected two texts apart by a tab, found no tab");
  if (format.special) ids.push_back(special.cls);
  encoder.append(line.substr(0, tab), ids);
  if (format.special) ids.push_back(special.sep);
  if (!format.pair) return;
  encoder.append(line.substr(tab + 1), ids);
  if (format.special) ids.push_back(special.sep);
}

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
    if (error != std::errc() || end != word.data() + word.size()) throw DataError("expected an id, found \"{}\"", word);
    return id;
  }

  std::int32_t find_piece(std::string_view word) const {
    const auto found = by_piece_.find(word);
    if (found == by_piece_.end()) throw DataError("the vocabulary has no piece \"{}\"", word);
    return found->second;
  }

  bool pieces_;
  std::unordered_map<std::string_view, std::int32_t> by_piece_;
};

}  // namespace

void encode_lines(const Tokenizer& tokenizer, std::istream& input, std::ostream& output, const LineFormat& format) {
  ParsingEncoder encoder(tokenizer);
  Ids ids;
  for_each_line(input, output, [&](std::string& line, std::string& result) {
    ids.clear();
    encode_line(encoder, tokenizer.special(), line, format, ids);
    for (const std::int32_t id : ids) {
      if (!result.empty()) result += ' ';
      if (format.pieces) {
        result += tokenizer.piece(id);
      } else {
        result += fmt::format_int(id).c_str();
      }
    }
  });
}

void decode_lines(const Tokenizer& tokenizer, std::istream& input, std::ostream& output, const LineFormat& format) {
  const IdParser parser(tokenizer, format.pieces);
  Ids ids;
  for_each_line(input, output, [&](std::string& line, std::string& result) {
    ids.clear();
    parser.parse(line, ids);
    result = tokenizer.decode(ids, format.special);
  });
}

}  // namespace albert::text
