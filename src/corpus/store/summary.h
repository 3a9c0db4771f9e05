#pragma once

#include <string>

#include "corpus/store/manifest.h"

namespace albert::corpus {

/// A share of unknown tokens above this calls for a warning. English prose with curly quotes has 2% with the vocabulary
/// of ALBERT v2; Chinese has 40%.
inline constexpr double kHighUnknownShare = 0.05;

/// Unknown tokens as a share of all.
double unknown_share(const Manifest& manifest);

/// What a corpus holds, for people: a few lines, each ended by "\n".
std::string summary_text(const Manifest& manifest);
/// The same as a JSON object, for programs.
std::string summary_json(const Manifest& manifest);

}  // namespace albert::corpus
