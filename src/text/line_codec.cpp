#include "text/line_codec.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>
#include <ostream>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "base/shown.h"
#include "base/stream_lines.h"
#include "base/utf8.h"
#include "text/foreign_format.h"
#include "text/special_tokens.h"

namespace albert::text {
namespace {

using Ids = std::vector<std::int32_t>;

/// The lines of a stream. Where there is no line feed at all, they end in carriage returns, as on old Macs. Beside line
/// feeds, a carriage return is white space of its line.
class Lines {
 public:
  explicit Lines(int input) : stream_(input, StreamLines::kMaxLineBytes, StreamLines::LineEnd::kLineFeed) {}

  std::optional<std::string> next() {
    if (!old_mac_) {
      std::optional<std::string> line = stream_.next();
      if (!line) return std::nullopt;
      if (++number_ > 1 || stream_.has_end() || line->find('\r') == std::string::npos) return line;
      number_ = 0;
      old_mac_.emplace(std::move(*line));
    }
    std::string line;
    if (!std::getline(*old_mac_, line, '\r')) return std::nullopt;
    ++number_;
    return line;
  }
  bool ready() { return old_mac_ || stream_.ready(); }
  /// Of the line that next() returned last, from 1.
  std::int64_t number() const { return number_; }

 private:
  StreamLines stream_;
  std::optional<std::istringstream> old_mac_;  ///< the lines of a stream without line feeds
  std::int64_t number_ = 0;
};

void for_each_line(int input, std::ostream& output,
                   const std::function<void(std::string_view, std::string&)>& convert) {
  Lines lines(input);
  std::string result;
  while (const std::optional<std::string> line = lines.next()) {
    result.clear();
    try {
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

/// The number of characters before each byte of a text, a broken sequence being one; and of all of them, at the end.
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

/// Lines that are no text. They keep their places: what is no UTF-8 in them is read as U+FFFD, as Python does. The first
/// one is told of at once, how many there were at the end.
class BrokenLines {
 public:
  BrokenLines() = default;
  ~BrokenLines() {
    if (count_ > 1)
      log_warning("{}: {} lines in all are no valid UTF-8, or have NUL bytes", StreamLines::kName, count_);
  }
  BrokenLines(const BrokenLines&) = delete;
  BrokenLines& operator=(const BrokenLines&) = delete;

  /// Throws DataError if the first line begins a file that is no text at all.
  void check(std::string_view line) {
    const bool is_first = number_++ == 0;
    const auto problem = why_no_text(line);
    if (!problem) return;
    if (is_first && find_foreign_format(line)) throw DataError("{}", *problem);
    if (++count_ == 1) log_warning("{}:{}: {}; the line keeps its place", StreamLines::kName, number_, *problem);
  }

 private:
  std::int64_t number_ = 0;
  std::int64_t count_ = 0;
};

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
    if (format_.pair && line.find('\t', tab + 1) != std::string_view::npos) {
      throw DataError("expected two texts apart by one tab, found {} tabs", std::ranges::count(line, '\t'));
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
  BrokenLines broken;
  for_each_line(input, output, [&](std::string_view line, std::string& result) {
    broken.check(line);
    encoder.encode(line, result);
  });
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
