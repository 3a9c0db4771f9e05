#include "corpus/building/build_warnings.h"

#include <string>

#include "base/counted.h"
#include "base/log.h"
#include "corpus/store/assembly_settings.h"
#include "corpus/store/summary.h"

namespace albert::corpus {

namespace {

void warn_of_nothing_held_out(const Manifest& manifest, HeldOutBy by) {
  if (by == HeldOutBy::kSections) {
    log_warning(
        "the corpus is one section of {} KiB, so none is held out for evaluation; give more text, or pass --held-out 0",
        kSectionBytes >> 10);
    return;
  }
  const auto separator = manifest.settings.find("document_separator");
  const std::string reason =
      separator == manifest.settings.end() || separator->second.empty()
          ? ""
          : fmt::format(", as no line within it matches --document-separator '{}'", separator->second);
  log_warning(
      "the corpus is one document{}, so none is held out for evaluation; split it with --document-separator, hold out "
      "sections of it with --held-out-by sections, or pass --held-out 0",
      reason);
}

/// Warns of a held-out part from which nothing can be told: a few words, or a few documents, which may be unlike the
/// rest.
void warn_of_little_held_out(const Manifest& manifest, HeldOutBy by) {
  constexpr std::uint64_t kFewTokens = 10'000;  // 1,500 predictions: an accuracy of a half to 1.3% (standard error)
  constexpr std::uint64_t kFewDocuments = 3;
  const Counts held_out = manifest.counts(Split::kHeldOut);
  Counts total = manifest.counts(Split::kTrain);
  total += held_out;
  const bool few_documents = by == HeldOutBy::kDocuments && held_out.documents <= kFewDocuments;
  if (held_out.tokens >= kFewTokens && !few_documents) return;
  log_warning(
      "held out: {} of {} with {}, {} of all, which says little of other texts; hold out more "
      "(--held-out){}",
      held_out.documents, counted(total.documents, "document"), counted(held_out.tokens, "token"),
      percent(static_cast<double>(held_out.tokens) / static_cast<double>(total.tokens)),
      by == HeldOutBy::kDocuments ? ", or sections of many documents (--held-out-by sections)" : "");
}

}  // namespace

void warn_of_poor_corpus(const Manifest& manifest) {
  const AssemblySettings settings = AssemblySettings::from(manifest.settings);
  const Counts train = manifest.counts(Split::kTrain);
  if (settings.held_out > 0 && manifest.counts(Split::kHeldOut).documents == 0) {
    warn_of_nothing_held_out(manifest, settings.held_out_by);
  } else if (settings.held_out > 0) {
    warn_of_little_held_out(manifest, settings.held_out_by);
  }
  if (const double unknown = unknown_share(manifest); unknown > kHighUnknownShare) {
    log_warning(
        "{:.1f}% of the tokens are unknown to the vocabulary: is it one for this language and writing? "
        "`albert corpus info` lists the characters that it lacks",
        100 * unknown);
  }
  if (train.sentences == train.documents) {
    log_warning(
        "every document is one sentence, so that there are no pairs of sentences to learn from; is the format right?");
  }
}

}  // namespace albert::corpus
