#pragma once

#include <filesystem>

#include "base/output.h"

namespace albert {
class AtomicFolder;
}  // namespace albert

namespace albert::text {
class Tokenizer;
}

namespace albert::cli {

inline constexpr const char* kTokenizerOutputHelp = "Folder to write the tokenizer to";
inline constexpr const char* kCasedHelp = "Keep upper case";
inline constexpr const char* kAccentsHelp =
    "Keep accents and other combining marks, as the vowel signs of Hindi or Thai";

/// Where a tokenizer is written.
/// Throws UsageError if none may be written there; the tokenizer of a corpus is not replaced.
OutputFolder tokenizer_output(const Output& output);

/// Fills the folder and puts it where it belongs.
/// \param output stands for it in the log
void write_tokenizer(const text::Tokenizer& tokenizer, AtomicFolder& folder, const std::filesystem::path& output);

}  // namespace albert::cli
