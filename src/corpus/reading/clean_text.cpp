#include "corpus/reading/clean_text.h"

#include <algorithm>
#include <cstring>

#include "base/utf8.h"

namespace albert::corpus {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

/// Length of the longest beginning of `text`, in whole words of eight bytes, that is ASCII without NUL.
std::size_t plain_prefix(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  std::size_t n = 0;
  for (; n + sizeof(std::uint64_t) <= text.size(); n += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + n, sizeof word);
    if (((word | (word - kOnes)) & kHighBits) != 0) break;  // a byte of 0x80 and more, or a zero
  }
  return n;
}

/// Length of the longest beginning of `text` that needs no repair.
std::size_t clean_prefix(std::string_view text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    rest.remove_prefix(plain_prefix(rest));
    // Short of the next plain word: characters one by one.
    for (int i = 0; i < 8 && !rest.empty(); ++i) {
      const std::string_view here = rest;
      if (pop_front(rest) <= 0) return text.size() - here.size();
    }
  }
  return text.size();
}

}  // namespace

Repairs append_clean(std::string_view text, std::string& out) {
  Repairs repairs;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t clean = clean_prefix(rest);
    out.append(rest.substr(0, clean));
    rest.remove_prefix(clean);
    if (rest.empty()) break;
    const std::size_t offset = text.size() - rest.size();
    if (rest.front() == '\0') {
      repairs.first_nul = std::min(repairs.first_nul, offset);
      const std::size_t num_nul = std::min(rest.find_first_not_of('\0'), rest.size());  // there may be millions
      repairs.nul_bytes += num_nul;
      rest.remove_prefix(num_nul);
    } else {
      repairs.first_invalid = std::min(repairs.first_invalid, offset);
      const std::size_t before = rest.size();
      pop_front(rest);
      repairs.invalid_bytes += before - rest.size();
      out.append(kReplacement);
    }
  }
  return repairs;
}

}  // namespace albert::corpus
