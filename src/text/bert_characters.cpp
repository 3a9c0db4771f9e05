#include "text/bert_characters.h"

#include <unicode/uchar.h>

namespace albert::text {
namespace {

constexpr int kUnicodeOfTables = 8;
constexpr UChar32 kReplacement = 0xFFFD;

/// Whether a character was there, in one of the categories of `mask`.
bool is_in(UChar32 c, std::uint32_t mask) {
  if ((U_GET_GC_MASK(c) & mask) == 0) return false;
  UVersionInfo age;
  u_charAge(c, age);
  return age[0] <= kUnicodeOfTables;
}

}  // namespace

bool is_bert_removed(std::int32_t c) {
  if (c == '\t' || c == '\n' || c == '\r') return false;
  return c == kReplacement || is_in(c, U_GC_CC_MASK | U_GC_CF_MASK | U_GC_CO_MASK);
}

bool is_bert_space(std::int32_t c) {
  return u_isUWhiteSpace(c) != 0;
}

bool is_bert_chinese(std::int32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x2A6DF) ||
         (c >= 0x2A700 && c <= 0x2B81F) || (c >= 0x2B920 && c <= 0x2CEAF) ||  // 0x2B820 in Google's code
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

// Some characters have changed their category since.
bool is_bert_punctuation(std::int32_t c) {
  if (c < 0x80) return c > ' ' && c < 0x7F && u_isalnum(c) == 0;
  return c == 0x166D || c == 0x111C9 || is_in(c, U_GC_P_MASK);
}

bool is_bert_accent(std::int32_t c) {
  if (c == 0x1734) return true;
  if (c == 0x1885 || c == 0x1886 || c == 0xA9BD || c == 0x111C9) return false;
  return is_in(c, U_GC_MN_MASK);
}

}  // namespace albert::text
