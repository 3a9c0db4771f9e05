#include "base/shown.h"

#include <algorithm>
#include <cstdint>

#include <spdlog/fmt/fmt.h>

#include "base/counted.h"
#include "base/utf8.h"

namespace albert {

namespace {

/// How many bytes of what is too long are shown at each end.
constexpr std::size_t kShownBeginning = 1000;
constexpr std::size_t kShownEnd = 700;

/// What is shown of a list of texts.
constexpr std::size_t kMaxListBytes = 100;
constexpr std::size_t kMaxListed = 20;

/// Controls (C0, DEL, C1), separators of lines, and what turns the direction of writing or cannot be seen; not the
/// joiners (U+200C, U+200D), which Persian, Indic scripts and emoji are written with.
bool is_hidden(std::int32_t c) {
  const auto within = [c](std::int32_t first, std::int32_t last) { return c >= first && c <= last; };
  return within(0, 0x1f) || within(0x7f, 0x9f) || within(0x200e, 0x200f) || within(0x2028, 0x202e) ||
         within(0x2060, 0x206f) || within(0xe0000, 0xe007f) || c == 0xad || c == 0x61c || c == 0x200b || c == 0xfeff;
}

void append_escape(std::string_view bytes, std::int32_t c, std::string& out) {
  if (c > 0xff) {
    out += c > 0xffff ? fmt::format("\\U{:08x}", c) : fmt::format("\\u{:04x}", c);
    return;
  }
  for (const char byte : bytes) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
}

/// \param kept controls that stay
void append_printable(std::string_view text, std::string_view kept, std::string& out) {
  while (!text.empty()) {
    const std::string_view rest = text;
    const std::int32_t c = pop_front(text);
    const std::string_view bytes = rest.substr(0, rest.size() - text.size());
    const bool is_shown = c != kNoCodePoint && (!is_hidden(c) || kept.find(bytes) != std::string_view::npos);
    if (is_shown) {
      out += bytes;
    } else {
      append_escape(bytes, c, out);
    }
  }
}

/// Whether each line behind the first one begins with a space or is empty.
bool all_moved_in(std::string_view message) {
  for (std::size_t end = 0; (end = message.find('\n', end)) != std::string_view::npos;) {
    ++end;
    if (end < message.size() && message[end] != ' ' && message[end] != '\n') return false;
  }
  return true;
}

/// Moves the end of a piece of a text back to where a character begins, which has at most four bytes.
std::size_t begin_of_character(std::string_view text, std::size_t end) {
  for (int i = 0; i < 3 && continues_character(text[end]); ++i) --end;
  return end;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  append_printable(text, "", out);
  return out;
}

std::string printable_lines(std::string_view text) {
  std::string out;
  for (;;) {
    const std::size_t end = std::min(text.find("\n "), text.size());
    std::string line;
    append_printable(text.substr(0, end), "\t", line);
    out += without_middle(line, kMaxLineBytes);
    if (end == text.size()) return out;
    out += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string printable_message(std::string_view message) {
  const std::string_view margin = all_moved_in(message) ? "" : "  ";
  std::string out;
  for (;;) {
    const std::size_t end = message.find('\n');
    append_printable(without_middle(message.substr(0, end), kMaxLineBytes), "\t", out);
    if (end == std::string_view::npos) return out;
    message.remove_prefix(end + 1);
    out += '\n';
    if (!message.empty() && message.front() != '\n') out += margin;
  }
}

std::string moved_in(std::string_view lines) {
  std::string out;
  for (const char c : lines) out += c == '\n' ? std::string("\n  ") : std::string(1, c);
  return out;
}

std::string without_middle(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return std::string(text);
  const std::size_t begin = begin_of_character(text, kShownBeginning);
  const std::size_t end = begin_of_character(text, text.size() - kShownEnd);
  return fmt::format("{} ... ({} left out) ... {}", text.substr(0, begin), counted(end - begin, "byte"),
                     text.substr(end));
}

std::string beginning(std::string_view text, std::size_t max_characters) {
  std::string_view rest = text;
  for (std::size_t n = 0; n < max_characters && !rest.empty(); ++n) pop_front(rest);
  return rest.empty() ? std::string(text) : fmt::format("{}...", text.substr(0, text.size() - rest.size()));
}

std::string shortened(std::string_view text, std::size_t max_characters) {
  return printable(beginning(text, max_characters));
}

std::string in_quotes(std::string_view text) {
  return fmt::format("'{}'", shortened(text));
}

std::string listed(std::span<const std::string> texts) {
  std::string list;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i == kMaxListed || list.size() > kMaxListBytes) return fmt::format("{} ... ({} in all)", list, texts.size());
    list += fmt::format("{}{}", i == 0 ? "" : ", ", in_quotes(texts[i]));
  }
  return list;
}

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace albert
