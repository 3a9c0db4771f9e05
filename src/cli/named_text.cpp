#include "cli/named_text.h"

#include <algorithm>

namespace albert::cli {

const NamedText* find_text(std::span<const NamedText> texts, std::string_view name) {
  const auto found = std::ranges::find(texts, name, &NamedText::name);
  return found == texts.end() ? nullptr : &*found;
}

}  // namespace albert::cli
