#pragma once

#include <cstdint>

namespace albert::text {

/// What BERT's basic tokenisation takes characters for. These are the tables of Transformers' BertTokenizer (the
/// tokenizers library, normalizers/bert.rs and pre_tokenizers/bert.rs), which know the categories of Unicode 8.
///
/// A control, format or private character, NUL, or U+FFFD: left out. Tabs and line ends are none.
bool is_bert_removed(std::int32_t c);
/// Of those that are not left out.
bool is_bert_space(std::int32_t c);
/// An ideograph (not kana, not Hangul), which is a word by itself.
bool is_bert_chinese(std::int32_t c);
/// Categories P*, and every ASCII character that is neither letter nor digit nor space ("$", "`").
bool is_bert_punctuation(std::int32_t c);
/// An accent or another mark that takes no space of its own (Mn).
bool is_bert_accent(std::int32_t c);

}  // namespace albert::text
