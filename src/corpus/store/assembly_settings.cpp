#include "corpus/store/assembly_settings.h"

#include <charconv>
#include <initializer_list>

#include "base/error.h"
#include "base/shown.h"

namespace albert::corpus {

namespace {

constexpr const char* kHeldOut = "held_out";
constexpr const char* kHeldOutBy = "held_out_by";
constexpr const char* kDeduplicate = "deduplicate";
constexpr const char* kDropRepeatedLines = "drop_repeated_lines";

template <typename Number>
Number number_of(const char* name, const std::string& text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size()) return number;
  throw DataError("the setting {}: expected a number, found {}", name, in_quotes(text));
}

template <typename Choice>
Choice choice_of(const char* name, const std::string& text, std::initializer_list<Choice> choices) {
  std::string expected;
  for (const Choice choice : choices) {
    if (text == to_string(choice)) return choice;
    expected += fmt::format("{}{}", expected.empty() ? "" : " or ", to_string(choice));
  }
  throw DataError("the setting {}: expected {}, found {}", name, expected, in_quotes(text));
}

}  // namespace

std::string_view to_string(HeldOutBy by) {
  return by == HeldOutBy::kSections ? "sections" : "documents";
}

std::string_view to_string(Deduplicate deduplicate) {
  switch (deduplicate) {
    case Deduplicate::kNone:
      return "none";
    case Deduplicate::kExact:
      return "exact";
    case Deduplicate::kNear:
      return "near";
  }
  throw InternalError("unknown way to deduplicate {}", static_cast<int>(deduplicate));
}

void AssemblySettings::write_to(std::map<std::string, std::string>& settings) const {
  settings[kHeldOut] = fmt::format("{}", held_out);
  if (held_out_by == HeldOutBy::kSections) settings[kHeldOutBy] = to_string(held_out_by);
  if (deduplicate != Deduplicate::kNone) settings[kDeduplicate] = to_string(deduplicate);
  if (max_documents_of_line > 0) settings[kDropRepeatedLines] = fmt::format("{}", max_documents_of_line);
}

AssemblySettings AssemblySettings::from(const std::map<std::string, std::string>& settings) {
  AssemblySettings result;
  const auto with = [&](const char* name, const auto& read) {
    if (const auto found = settings.find(name); found != settings.end()) read(found->second);
  };
  if (!settings.contains(kHeldOut)) throw DataError("the setting {} is missing", kHeldOut);
  with(kHeldOut, [&](const std::string& text) { result.held_out = number_of<double>(kHeldOut, text); });
  with(kHeldOutBy, [&](const std::string& text) {
    result.held_out_by = choice_of(kHeldOutBy, text, {HeldOutBy::kDocuments, HeldOutBy::kSections});
  });
  with(kDeduplicate, [&](const std::string& text) {
    result.deduplicate = choice_of(kDeduplicate, text, {Deduplicate::kNone, Deduplicate::kExact, Deduplicate::kNear});
  });
  with(kDropRepeatedLines, [&](const std::string& text) {
    result.max_documents_of_line = number_of<std::uint64_t>(kDropRepeatedLines, text);
  });
  return result;
}

}  // namespace albert::corpus
