#include "tasks/common/excerpt.h"

#include <spdlog/fmt/fmt.h>

namespace albert::tasks {

namespace {

constexpr std::size_t kMaxListBytes = 100;
constexpr std::size_t kMaxListed = 20;

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

}  // namespace

std::string excerpt(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return std::string(text);
  std::size_t end = max_bytes;
  while (end > 0 && continues_character(text[end])) --end;
  return fmt::format("{}...", text.substr(0, end));
}

std::string listed(std::span<const std::string> texts) {
  std::string list;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i == kMaxListed || list.size() > kMaxListBytes) return fmt::format("{} ... ({} in all)", list, texts.size());
    list += fmt::format("{}'{}'", i == 0 ? "" : ", ", excerpt(texts[i]));
  }
  return list;
}

}  // namespace albert::tasks
