#include "text/charsmap.h"

#include <cstring>

#include "base/error.h"
#include "base/utf8.h"

namespace albert::text {
namespace {

// A unit of Darts-clone (https://github.com/s-yata/darts-clone, include/darts.h, class DoubleArrayUnit).
bool has_leaf(std::uint32_t unit) {
  return (unit >> 8 & 1) != 0;
}
std::uint32_t value(std::uint32_t unit) {
  return unit & 0x7FFFFFFF;
}
std::uint32_t label(std::uint32_t unit) {
  return unit & 0x800000FF;
}
std::uint32_t offset(std::uint32_t unit) {
  return (unit >> 10) << ((unit & 0x200) >> 6);
}

}  // namespace

Charsmap::Charsmap(std::string_view bytes) {
  if (bytes.empty()) return;
  std::uint32_t trie_bytes = 0;
  if (bytes.size() >= sizeof trie_bytes) std::memcpy(&trie_bytes, bytes.data(), sizeof trie_bytes);
  bytes.remove_prefix(std::min(bytes.size(), sizeof trie_bytes));
  if (trie_bytes == 0 || trie_bytes % sizeof(std::uint32_t) != 0 || trie_bytes > bytes.size()) {
    throw ModelError("the character map is broken: its trie claims {} bytes of {}", trie_bytes, bytes.size());
  }
  units_.resize(trie_bytes / sizeof(std::uint32_t));
  std::memcpy(units_.data(), bytes.data(), trie_bytes);
  replacements_ = bytes.substr(trie_bytes);
  if (!is_utf8(replacements_)) throw ModelError("the character map is broken: its replacements are not UTF-8");
}

std::optional<std::string_view> Charsmap::find(std::string_view characters) const {
  if (units_.empty()) return std::nullopt;
  std::uint32_t node = offset(units_[0]);
  for (const char character : characters) {
    const auto byte = static_cast<unsigned char>(character);
    node ^= byte;
    if (byte == 0 || node >= units_.size() || label(units_[node]) != byte) return std::nullopt;
    const std::uint32_t unit = units_[node];
    node ^= offset(unit);
    if (!has_leaf(unit)) continue;
    const std::uint32_t begin = node < units_.size() ? value(units_[node]) : ~0U;
    if (begin >= replacements_.size() || continues_character(replacements_[begin]))
      throw ModelError("the character map is broken: replacement at {} of {} bytes", begin, replacements_.size());
    return std::string_view(replacements_.c_str() + begin);
  }
  return std::nullopt;
}

}  // namespace albert::text
