#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace albert::metrics {

/// The words and marks of a lower-case sentence by the rules of the Penn Treebank, as nltk.word_tokenize splits one:
/// "don't (stop)!" is "do", "n't", "(", "stop", ")", "!".
/// \param sentence valid UTF-8
std::vector<std::string> penn_words(std::string_view sentence);

}  // namespace albert::metrics
