#include "serve/api_keys.h"

#include <algorithm>

#include "base/error.h"
#include "base/file.h"
#include "base/utf8.h"
#include "text/whitespace.h"

namespace albert::serve {

namespace {

constexpr std::uint64_t kMaxKeyFileBytes = 1 << 20;
constexpr std::string_view kScheme = "bearer ";

/// Looks at every byte of what is given, whatever they are.
bool is_same(std::string_view key, std::string_view given) {
  auto difference = static_cast<unsigned>(key.size() != given.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    difference |=
        static_cast<unsigned char>(key[i % key.size()]) ^ static_cast<unsigned>(static_cast<unsigned char>(given[i]));
  }
  return difference == 0;
}

bool begins_with_scheme(std::string_view authorization) {
  return authorization.size() > kScheme.size() &&
         std::ranges::equal(authorization.substr(0, kScheme.size()), kScheme, {},
                            [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
}

}  // namespace

ApiKeys ApiKeys::read(const std::filesystem::path& file) {
  const std::string content = read_file(file, kMaxKeyFileBytes);
  ApiKeys keys;
  std::string_view left = content;
  if (left.starts_with(kByteOrderMark)) left.remove_prefix(kByteOrderMark.size());
  for (std::size_t number = 1; !left.empty(); ++number) {
    const std::size_t end = std::min(left.find('\n'), left.size());
    const std::string_view key = text::trim(left.substr(0, end));
    left.remove_prefix(std::min(end + 1, left.size()));
    if (key.empty()) continue;
    const auto is_plain = [](char c) { return c > ' ' && c < '\x7f'; };
    if (!std::ranges::all_of(key, is_plain)) {
      throw UsageError("{}:{}: expected a key a line, of printable ASCII characters without spaces", file.string(),
                       number);
    }
    keys.keys_.emplace_back(key);
  }
  if (keys.keys_.empty()) throw UsageError("{}: there is no key in it; write one a line", file.string());
  return keys;
}

bool ApiKeys::allow(std::string_view authorization) const {
  if (keys_.empty()) return true;
  if (!begins_with_scheme(authorization)) return false;
  bool is_known = false;
  for (const std::string& key : keys_) is_known |= is_same(key, authorization.substr(kScheme.size()));
  return is_known;
}

}  // namespace albert::serve
