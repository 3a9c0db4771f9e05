#pragma once

/// Names of the statistics in a manifest.
namespace albert::corpus::statistic {

inline constexpr const char* kFiles = "files";                       ///< read
inline constexpr const char* kEmptyFiles = "empty_files";            ///< files without any byte
inline constexpr const char* kUnreadableFiles = "unreadable_files";  ///< left out, or what followed in them
inline constexpr const char* kTextBytes = "text_bytes";              ///< read, decompressed; of JSON lines, the field
inline constexpr const char* kInvalidBytes = "invalid_utf8_bytes";   ///< replaced by U+FFFD
inline constexpr const char* kNulBytes = "nul_bytes";                ///< dropped
inline constexpr const char* kSkippedLines = "skipped_lines";        ///< lines of JSON lines that were left out
inline constexpr const char* kEmptyDocuments = "empty_documents";    ///< whose text left no token
inline constexpr const char* kCutSentences = "cut_sentences";        ///< places where a sentence was too long
inline constexpr const char* kUnknownTokens = "unknown_tokens";      ///< in both splits
// Where duplicates, or repeated lines, are left out.
inline constexpr const char* kExactDuplicates = "exact_duplicates";  ///< documents of which one before has the text
inline constexpr const char* kNearDuplicates = "near_duplicates";    ///< other documents
inline constexpr const char* kDuplicateTokens = "duplicate_tokens";
inline constexpr const char* kRepeatedLines = "repeated_lines";  ///< different ones
inline constexpr const char* kDroppedLines = "dropped_lines";    ///< places where one stood
inline constexpr const char* kDroppedTokens = "dropped_tokens";  ///< of repeated lines

}  // namespace albert::corpus::statistic
