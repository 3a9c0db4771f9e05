#include "text/special_tokens.h"

namespace albert::text {

std::array<std::int32_t, 5> in_order(const SpecialIds& ids) {
  return {ids.pad, ids.unknown, ids.cls, ids.sep, ids.mask};
}

SpecialIds special_ids(const std::array<std::int32_t, 5>& ids) {
  return {.pad = ids[0], .unknown = ids[1], .cls = ids[2], .sep = ids[3], .mask = ids[4]};
}

SpecialSpellings special_spellings(const Tokenizer& tokenizer) {
  SpecialSpellings spellings;
  const std::array<std::int32_t, 5> ids = in_order(tokenizer.special());
  for (std::size_t token = 0; token < ids.size(); ++token) spellings[token] = tokenizer.piece(ids[token]);
  return spellings;
}

std::optional<SpecialMatch> find_special_token(std::string_view text, std::size_t from,
                                               const SpecialSpellings& spellings) {
  // No spelling holds another's first character inside, so matches cannot overlap.
  while ((from = text.find_first_of("<[", from)) != std::string_view::npos) {
    for (std::size_t token = 0; token < spellings.size(); ++token) {
      if (text.substr(from).starts_with(spellings[token]))
        return SpecialMatch{from, from + spellings[token].size(), token};
    }
    ++from;
  }
  return std::nullopt;
}

}  // namespace albert::text
