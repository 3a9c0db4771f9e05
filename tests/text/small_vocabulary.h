#pragma once

#include <memory>
#include <string>
#include <vector>

#include "text/tokenizer.h"

namespace albert::text::testing {

/// Lines of made-up prose: words of two to four syllables, frequent ones more often, with numbers, capitals, accents
/// and signs among them.
std::vector<std::string> make_lines(std::size_t count, std::uint64_t seed);

/// A vocabulary of 400 pieces trained on such lines; trained once for each of the settings.
std::shared_ptr<const Tokenizer> small_vocabulary(const TokenizerSettings& settings = {});

}  // namespace albert::text::testing
