#pragma once

#include <string>
#include <vector>

#include "text/normalizer.h"

namespace albert::text {

/// What is lost where accents are stripped from texts of a writing whose marks are letters: vowel signs of Indic and
/// South-East Asian scripts, voiced kana, Cyrillic й, or the many accents of Vietnamese, without which different words
/// become one. The accents of most languages in Latin and Greek letters are no such loss; ALBERT's vocabularies go
/// without them.
/// \param lines of the text; a part of them is looked at
/// \param normalizer that strips accents
/// \return a clause for each such script, with a word before and after: "Devanagari (यहाँ becomes यह)"
std::vector<std::string> find_stripped_letters(const std::vector<std::string>& lines, const Normalizer& normalizer);

}  // namespace albert::text
