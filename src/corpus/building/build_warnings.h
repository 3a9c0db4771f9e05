#pragma once

#include "corpus/store/manifest.h"

namespace albert::corpus {

/// Warns of what makes a corpus that was built poor: nothing or little held out, a vocabulary of another language,
/// documents of one sentence.
void warn_of_poor_corpus(const Manifest& manifest);

}  // namespace albert::corpus
