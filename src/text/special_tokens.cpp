#include "text/special_tokens.h"

namespace albert::text {

std::optional<SpecialMatch> find_special_token(std::string_view text, std::size_t from) {
  // No spelling holds another's first character inside, so matches cannot overlap.
  while ((from = text.find_first_of("<[", from)) != std::string_view::npos) {
    for (std::size_t token = 0; token < kSpecialTokens.size(); ++token) {
      if (text.substr(from).starts_with(kSpecialTokens[token])) return SpecialMatch{from, token};
    }
    ++from;
  }
  return std::nullopt;
}

}  // namespace albert::text
