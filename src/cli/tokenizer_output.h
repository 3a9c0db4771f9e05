#pragma once

#include <filesystem>

namespace albert {
class AtomicFolder;
struct Output;
}  // namespace albert

namespace albert::text {
class Tokenizer;
}

namespace albert::cli {

inline constexpr const char* kTokenizerOutputHelp = "Folder to write the tokenizer to";
inline constexpr const char* kCasedHelp = "Keep upper case";
inline constexpr const char* kAccentsHelp =
    "Keep accents and other combining marks, as the vowel signs of Hindi or Thai";

/// Throws UsageError if no tokenizer may be written there: as check_output_folder(), and for that of a corpus.
void check_tokenizer_output(const Output& output);

/// Fills the folder and puts it where it belongs.
/// \param output stands for it in the log
void write_tokenizer(const text::Tokenizer& tokenizer, AtomicFolder& folder, const std::filesystem::path& output);

}  // namespace albert::cli
