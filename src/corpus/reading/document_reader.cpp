#include "corpus/reading/document_reader.h"

#include <utility>

#include "base/utf8.h"
#include "text/whitespace.h"

namespace albert::corpus {

namespace {

constexpr std::string_view kSpaces = " \t\v\f\r";

/// Where to cut a paragraph that is too long: behind the last full stop before a space within the limit, else before
/// the last space, both looked for in the second half only; else between two characters.
std::size_t cutting_place(std::string_view paragraph) {
  const std::string_view head = paragraph.substr(0, DocumentAssembler::kMaxParagraphBytes);
  const std::size_t last_space = head.find_last_of(kSpaces);
  for (std::size_t space = last_space; space != std::string_view::npos && space > head.size() / 2;
       space = head.find_last_of(kSpaces, space - 1)) {
    if (std::string_view(".?!").find(head[space - 1]) != std::string_view::npos) return space;
  }
  if (last_space != std::string_view::npos && last_space > head.size() / 2) return last_space;
  std::size_t end = head.size();
  while (continues_character(paragraph[end])) --end;
  return end;
}

}  // namespace

void DocumentAssembler::add(std::string_view text) {
  if (first_ && text_.empty()) document_begin_ = offset_;
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, kMaxParagraphBytes);
    text_.append(piece);
    text.remove_prefix(piece.size());
    while (text_.size() - paragraph_begin_ > kMaxParagraphBytes) cut_paragraph();
  }
}

void DocumentAssembler::end_paragraph() {
  text_.resize(paragraph_begin_ + text::trim_right(paragraph()).size());
  if (paragraph().empty()) return;
  text_.push_back('\n');
  paragraph_begin_ = text_.size();
  if (text_.size() >= block_bytes_) finish_block(text_.size(), false);
}

void DocumentAssembler::end_document() {
  end_paragraph();
  if (first_ && text_.empty()) return;
  finish_block(text_.size(), true);
}

std::optional<TextBlock> DocumentAssembler::take() {
  if (finished_.empty()) return std::nullopt;
  TextBlock block = std::move(finished_.front());
  finished_.pop_front();
  return block;
}

void DocumentAssembler::cut_paragraph() {
  ++statistics_.cut_paragraphs;
  const std::size_t end = paragraph_begin_ + cutting_place(paragraph());
  text_.insert(end, 1, '\n');
  finish_block(end + 1, false);
}

/// Hands on the first `size` bytes; the rest begins a paragraph.
void DocumentAssembler::finish_block(std::size_t size, bool last) {
  TextBlock block{text_.substr(0, size), std::exchange(first_, last), last, file_, document_begin_};
  finished_.push_back(std::move(block));
  text_.erase(0, size);
  paragraph_begin_ = 0;
}

}  // namespace albert::corpus
